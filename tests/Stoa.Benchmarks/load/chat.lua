-- One chat completion, as SDKs send it.
wrk.method = "POST"
wrk.headers["Authorization"] = "Bearer " .. (os.getenv("STOA_KEY") or "none")
wrk.headers["Content-Type"] = "application/json"
if os.getenv("PORTKEY_TARGET") then
  wrk.headers["x-portkey-provider"] = "openai"
  wrk.headers["x-portkey-custom-host"] = os.getenv("PORTKEY_TARGET")
end
wrk.body = '{"model":"' .. (os.getenv("MODEL") or "bench") .. '","messages":[{"role":"system","content":"You are a helpful assistant."},{"role":"user","content":"Tell me about the quick brown fox and the lazy dog, please."}],"max_tokens":256,"temperature":0.7}'
