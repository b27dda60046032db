/**
 * A program in Python (3.8 or later, nothing but its standard library) that starts processes for the spawner, relays
 * what they write and tells how they ended. Forking from a Node of 50 MB costs 0.8 ms of CPU a task; a posix_spawn
 * from here costs 0.15 ms. Bytes in, bytes out: it neither decodes nor stores anything.
 *
 * Frames both ways: kind (1 byte), id and length (32 bits each, big endian), then the payload.
 *   in:  P prepare (cwd, command, count of arguments, arguments, NAME=VALUE…, with NULs between), B begin,
 *        W withdraw: it shall not begin, D drop its pipes
 *   out: H hello, S started (pid), R refused (errno's name, message), W withdrawn, O and E output,
 *        X exit (code, or -signal), C closed: it has exited and nobody holds its pipes (payload: its group lives on)
 * Descriptor 3, the line: ids (32 bits, big endian) that may begin; an id may come before its P.
 * When its input closes, the spawner is gone: it kills every group it started, and what left its group but not the
 * spawner's session.
 */
export const FORK_SERVER = String.raw`
import errno, os, select, signal, struct

FRAME = struct.Struct(">cII")
CHUNK = 65536
LINE = 3
SPAWNER = os.getppid()
LEADER = os.getsid(0) == SPAWNER # Then nobody but the spawner and what it starts is in the session.
DEFAULTS = set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}

poller = select.poll()
outbox = []
prepared = {} # id: what it is to be started with
early = set() # ids whose word came before them
newest = 0    # the last id that was prepared: ids rise
pipes = {}    # descriptor: (id, kind)
tasks = {}    # id: [pid, open descriptors, whether it has exited]
ids = {}      # pid: id

def tell(kind, id, payload=b""):
    outbox.append(FRAME.pack(kind, id, len(payload)) + payload)

def flush():
    data = memoryview(b"".join(outbox))
    outbox.clear()
    while data:
        data = data[os.write(1, data):]

def refuse(id, error):
    name = errno.errorcode.get(getattr(error, "errno", None), "EINVAL")
    tell(b"R", id, (name + "\0" + (getattr(error, "strerror", None) or str(error))).encode())

def prepare(id, payload):
    cwd, command, count, *texts = payload.split(b"\0")
    arguments, settings = texts[:int(count)], texts[int(count):]
    prepared[id] = cwd, command, [command, *arguments], dict(setting.split(b"=", 1) for setting in settings)
    global newest
    newest = id
    if id in early:
        early.discard(id)
        begin(id)

def begin(id):
    if id in prepared:
        start(id, *prepared.pop(id))
    elif id > newest:
        early.add(id)

def start(id, cwd, command, arguments, environment):
    ends = []
    try:
        os.chdir(cwd)
        ends += os.pipe()
        ends += os.pipe()
        out, out_end, err, err_end = ends
        pid = os.posix_spawn(
            command, arguments, environment, setpgroup=0, setsigmask=(), setsigdef=DEFAULTS,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
                (os.POSIX_SPAWN_DUP2, out_end, 1),
                (os.POSIX_SPAWN_DUP2, err_end, 2),
            ],
        )
    except (OSError, ValueError) as error:
        for end in ends:
            os.close(end)
        return refuse(id, error)
    finally:
        os.chdir("/")
    os.close(out_end)
    os.close(err_end)
    for descriptor, kind in ((out, b"O"), (err, b"E")):
        pipes[descriptor] = (id, kind)
        poller.register(descriptor, select.POLLIN)
    tasks[id] = [pid, {out, err}, False]
    ids[pid] = id
    tell(b"S", id, struct.pack(">I", pid))

def relay(descriptor):
    id, kind = pipes[descriptor]
    data = os.read(descriptor, CHUNK)
    if data:
        tell(kind, id, data)
    else:
        drop(id, descriptor)

def drop(id, descriptor):
    poller.unregister(descriptor)
    os.close(descriptor)
    del pipes[descriptor]
    tasks[id][1].discard(descriptor)
    close_if_over(id)

def close_if_over(id):
    pid, descriptors, exited = tasks[id]
    if exited and not descriptors:
        del tasks[id]
        tell(b"C", id, b"1" if group_alive(pid) else b"")

def group_alive(pid):
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True

def reap():
    while ids:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        id = ids.pop(pid, None)
        if id is None:
            continue
        tasks[id][2] = True
        code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
        tell(b"X", id, struct.pack(">i", code))
        close_if_over(id)

def obey(inbox):
    at = 0
    while len(inbox) - at >= FRAME.size:
        kind, id, length = FRAME.unpack_from(inbox, at)
        end = at + FRAME.size + length
        if end > len(inbox):
            break
        if kind == b"P":
            prepare(id, bytes(inbox[at + FRAME.size:end]))
        elif kind == b"B":
            begin(id)
        elif kind == b"W" and id in prepared:
            del prepared[id]
            tell(b"W", id)
        elif kind == b"D" and id in tasks:
            for descriptor in list(tasks[id][1]):
                drop(id, descriptor)
        at = end
    del inbox[:at]

def end_all():
    for pid, _, _ in tasks.values():
        try:
            os.killpg(pid, signal.SIGKILL)
        except OSError:
            pass
    if LEADER:
        end_strays()

def end_strays():
    # What a shell with job control (set -m) starts leads a group of its own; the session it leaves only by setsid.
    for name in os.listdir("/proc"):
        try:
            pid = int(name)
            if os.getsid(pid) == SPAWNER and given(pid):
                os.kill(pid, signal.SIGKILL)
        except (OSError, ValueError):
            pass

def given(pid):
    with open("/proc/%d/environ" % pid, "rb") as environment:
        return b"\0DAGWRIGHT_RUN_ID=" in b"\0" + environment.read()

def main():
    os.posix_spawn # Where an old Python has none there must be no hello.
    wake, alarm = os.pipe()
    os.set_blocking(alarm, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(alarm, warn_on_full_buffer=False)
    poller.register(0, select.POLLIN)
    poller.register(wake, select.POLLIN)
    poller.register(LINE, select.POLLIN)
    os.set_inheritable(LINE, False)
    inbox = bytearray()
    words = bytearray()
    tell(b"H", 0)
    flush()
    while True:
        ready = [descriptor for descriptor, _ in poller.poll()]
        open_before = len(pipes)
        for descriptor in ready:
            if descriptor in pipes:
                relay(descriptor)
        if wake in ready:
            os.read(wake, 4096)
        # A process lets go of its pipes right before it is over: often its signal need not be waited for.
        if wake in ready or len(pipes) < open_before:
            reap()
        if LINE in ready:
            data = os.read(LINE, 4096)
            if not data:
                poller.unregister(LINE)
            words += data
            whole = len(words) // 4 * 4
            for id, in struct.iter_unpack(">I", bytes(words[:whole])):
                begin(id)
            del words[:whole]
        if 0 in ready:
            data = os.read(0, 1 << 20)
            if not data:
                return
            inbox += data
            obey(inbox)
        flush()

try:
    main()
except BrokenPipeError:
    pass
finally:
    end_all()
    os._exit(0)
`
