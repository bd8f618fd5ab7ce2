"""Runs commands, one JSON line in and one out, and measures each: CPU time, peak memory and exit status.

It is a separate process that stays small, because Linux includes the memory of the process that starts a program in the
program's peak.
"""

import json
import os
import signal
import subprocess
import sys
import time


def main():
    for line in sys.stdin:
        task = json.loads(line)
        print(json.dumps(run(task["argv"], task["timeout"])), flush=True)


def run(argv, timeout):
    started = time.monotonic()
    process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    timed_out = False
    # Its output fits in the pipe's buffer (64 kB), so nothing has to be read while it runs.
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        elapsed = time.monotonic() - started
        if elapsed > timeout and not timed_out:
            timed_out = True
            os.kill(process.pid, signal.SIGKILL)
        time.sleep(0.0005 if elapsed < 0.05 else 0.01)
    process.returncode = 0  # reaped above
    said = process.stderr.read(16_000).decode("utf-8", "replace")
    process.stderr.close()
    return {
        "exit": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
        "signal": signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else None,
        "timed_out": timed_out,
        "cpu": usage.ru_utime + usage.ru_stime,
        "wall": time.monotonic() - started,
        "rss_mb": usage.ru_maxrss / (1_048_576 if sys.platform == "darwin" else 1_024),
        "said": said,
    }


if __name__ == "__main__":
    main()
