"""Programs that try to get out of the room. Each is the body of `attempt(on)`, which
returns something true when it got what it wanted.

`on` says where the test has put its victims: see test_wall.py.
"""

REMOUNT = """
for target in (on["folder"], on["check"], "/", "/usr"):
    for kept in (0, 2, 4, 6, 1 << 21, 1 << 21 | 2, 1 << 21 | 4, 1 << 21 | 6):
        ctypes.CDLL(None).mount(None, target.encode(), None, 32 | 4096 | kept, None)
open(on["check"], "a").write("spoilt")
return True
"""

WRITE_THE_CHECK = """
open(on["check"], "a").write("spoilt")
return True
"""

READ_THE_ENVIRONMENT = """
found = [json.dumps(dict(os.environ)).encode()]
for file in glob.glob("/proc/[0-9]*/environ"):
    with contextlib.suppress(OSError):
        found.append(open(file, "rb").read())
return any(on["secret"].encode() in text for text in found)
"""

READ_KEYS = 'return open(on["key"]).read()'
READ_A_CLASSMATE = 'return open(on["classmate"]).read()'

READ_THE_SOLUTION = """
found = subprocess.run(
    ["grep", "-rlsF", on["answer"], "/", "--exclude-dir=proc", "--exclude-dir=sys",
     "--exclude-dir=usr", "--exclude-dir=lib", "--exclude-dir=site-packages"]
    if on["walled"] else ["grep", "-rlsF", on["answer"], on["exercises"]],
    capture_output=True, text=True).stdout.split()
return found
"""

SOCKET_BY_PATH = """
with socket.socket(socket.AF_UNIX) as line:
    line.connect(on["path"])
return True
"""

SOCKET_BY_NAME = """
with socket.socket(socket.AF_UNIX) as line:
    line.connect("\\0" + on["name"])
return True
"""

LOOPBACK = """
with socket.create_connection(("127.0.0.1", on["port"]), 2):
    return True
"""

SIGNAL = """
os.kill(on["pid"], signal.SIGUSR1)
return os.getpid() != on["pid"]
"""

TRACE = """
libc = ctypes.CDLL(None, use_errno=True)
return libc.ptrace(16, on["pid"], 0, 0) == 0  # PTRACE_ATTACH
"""

MEMORY_OF_THE_PARENT = """
for number in (1, os.getppid(), on["pid"]):
    with contextlib.suppress(OSError):
        with open(f"/proc/{number}/mem", "r+b"):
            return f"the memory of {number}"
return False
"""

FILES_OF_THE_PARENT = """
for number in (1, os.getppid(), on["pid"]):
    for file in glob.glob(f"/proc/{number}/fd/*"):
        with contextlib.suppress(OSError):
            return f"{file} is {os.readlink(file)}"
return False
"""

KERNEL_SETTINGS = """
for folder, folders, files in os.walk("/proc"):
    folders[:] = [name for name in folders if not name.isdigit() and name not in
                  ("self", "thread-self")]
    for name in files:
        with contextlib.suppress(OSError):
            os.close(os.open(f"{folder}/{name}", os.O_WRONLY))
            return f"{folder}/{name}"
return False
"""

ROOT_ONCE_MORE = """
return ctypes.CDLL(None).unshare(0x10000000) == 0  # CLONE_NEWUSER
"""

FORK_BOMB = """
count = 0
try:
    while count < 300:
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
        count += 1
except OSError:
    return False
return count
"""

FULL_DISK = """
written = 0
for folder, _, _ in os.walk("/"):
    if folder.startswith(("/proc", "/sys")) or not on["walled"] or written > 400:
        continue
    for number in range(8):
        with contextlib.suppress(OSError), open(f"{folder}/full-{number}", "wb") as file:
            for _ in range(60):
                file.write(b"x" * 1024**2)
                written += 1
return written > 330
"""

FIVE_GIGABYTES = """
return len(mmap.mmap(-1, 5 * 1024**3))
"""

MANY_WITH_MUCH = """
children = [subprocess.Popen([sys.executable, "-c",
    "x = b'x' * (150 * 1024**2); print(len(x), flush=True); import time; time.sleep(2)"],
    stdout=subprocess.PIPE) for _ in range(4)]
return all(child.stdout.readline() for child in children)
"""

# It answers when whoever is to outlive it is there: a fork that is still under way is in
# no list of processes, neither under its parent's id nor under its own.
OUTLIVE = """
there, here = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in range(64):
            signal.signal(number, signal.SIG_IGN) if number not in (0, 9, 19, 32, 33) else 0
        os.close(int(sys.argv[-1]))
        os.write(here, b"I am there")
        time.sleep(90)
    os._exit(0)
return os.read(there, 99) != b""
"""

TERMINAL = """
with open("/dev/tty", "r+b", buffering=0) as terminal:
    fcntl.ioctl(terminal, termios.TIOCSTI, b"x")
return True
"""

ATTEMPT = """
import contextlib, ctypes, fcntl, glob, json, mmap, os, signal, socket, subprocess, sys
import termios, time

def attempt(on):
{body}

on = json.load(sys.stdin)
try:
    got, said = attempt(on), ""
except (OSError, MemoryError) as error:
    got, said = False, repr(error)
with open(int(sys.argv[-1]), "w", closefd=False) as answer:
    json.dump({{"got": got, "said": said}}, answer)
os._exit(0)
"""


def program(body: str) -> str:
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    return ATTEMPT.format(body=lines)


# Stopped whoever calls, and possible where there is no wall.
HARMLESS = {
    "write the check": WRITE_THE_CHECK,
    "read the environment": READ_THE_ENVIRONMENT,
    "read keys": READ_KEYS,
    "read a classmate's work": READ_A_CLASSMATE,
    "read the solution": READ_THE_SOLUTION,
    "a socket by its path": SOCKET_BY_PATH,
    "a socket by its name": SOCKET_BY_NAME,
    "the loopback address": LOOPBACK,
    "a signal": SIGNAL,
    "ptrace": TRACE,
    "the parent's memory": MEMORY_OF_THE_PARENT,
    "the parent's files": FILES_OF_THE_PARENT,
    "the kernel's settings": KERNEL_SETTINGS,
    "root once more": ROOT_ONCE_MORE,
}
# Only tried behind a wall with a hole of its own, see test_wall.py.
HARMFUL = {
    "remount": REMOUNT,
    "fork bomb": FORK_BOMB,
    "full disk": FULL_DISK,
    "five gigabytes": FIVE_GIGABYTES,
}
