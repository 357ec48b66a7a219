-- One message in Anthropic's format, for a model that speaks chat completions.
wrk.method = "POST"
wrk.headers["x-api-key"] = os.getenv("STOA_KEY")
wrk.headers["anthropic-version"] = "2023-06-01"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"model":"bench","max_tokens":256,"system":"You are a helpful assistant.","messages":[{"role":"user","content":"Tell me about the quick brown fox and the lazy dog, please."}],"temperature":0.7}'
