#!/usr/bin/env python3
"""Cold start of the published app, several times over: from the start of the process to the first answered GET / (what the Functions host
waits for), the first GET /readyz after it (configuration and key ring read), and what processor time and memory both took. Linux.

Usage: tests/Stoa.Benchmarks/load/cold-start.py [published folder] [runs]
"""
import os, re, socket, statistics, subprocess, sys, tempfile, time, urllib.request

folder, runs = (sys.argv[1:] + ["out/app", "10"][len(sys.argv) - 1:])[:2]
executable, runs = os.path.abspath(os.path.join(folder, "Stoa.Functions")), int(runs)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def run():
    port = free_port()
    with tempfile.TemporaryDirectory() as data:
        env = os.environ | {"FUNCTIONS_CUSTOMHANDLER_PORT": str(port), "Stoa__DataPath": data}
        begin = time.perf_counter()
        process = subprocess.Popen([executable], env=env, stdout=subprocess.DEVNULL)
        try:
            while True:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/").read()
                    break
                except OSError:
                    if process.poll() is not None:
                        sys.exit("The app ended instead of starting.")
                    time.sleep(0.002)
            first = time.perf_counter()
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz").read()
            ready = time.perf_counter()
            with open(f"/proc/{process.pid}/stat") as stat:
                cpu = sum(map(int, stat.read().rsplit(")", 1)[1].split()[11:13])) * 1000 / os.sysconf("SC_CLK_TCK")
            with open(f"/proc/{process.pid}/status") as status:
                memory = int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024
            return (first - begin) * 1000, (ready - first) * 1000, cpu, memory
        finally:
            process.kill()
            process.wait()


results = list(zip(*(run() for _ in range(runs))))
for name, values in zip(("first answer, ms", "first /readyz, ms", "CPU until then, ms", "resident, MiB"), results):
    print(f"{name:18} min {min(values):7.1f}  median {statistics.median(values):7.1f}  max {max(values):7.1f}")
