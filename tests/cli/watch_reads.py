#!/usr/bin/env python3
"""The server of `hedon watch`, spoken to through plain sockets: who may read, who may ask, what is served,
and that nobody who is slow or many keeps others from it.

    watch_reads.py HEDON      exits with 77 where hedon was built without libmicrohttpd"""
import json
import math
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile

HEDON = os.path.abspath(sys.argv[1])
SECRET = "what stands beside the runs"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Server:
    def __init__(self, *words):
        self.port = free_port()
        self.process = subprocess.Popen([HEDON, "watch", *words, "--port", str(self.port)], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        self.first = self.process.stdout.readline()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.send_signal(signal.SIGINT)
        out, err = self.process.communicate(timeout=60)
        assert self.process.returncode == 0 and err == "", (self.process.returncode, err)

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)

    def host(self):
        return f"127.0.0.1:{self.port}"

    def raw(self, data):
        """All that comes back for these bytes, until the server closes."""
        with self.connect() as one:
            one.sendall(data)
            answer = b""
            while more := one.recv(65536):
                answer += more
            return answer

    def ask(self, method, path, body="", **headers):
        """Status and body of one request; headers: Host and others, None: left out."""
        lines = {"Host": self.host(), "Connection": "close", "Content-Length": str(len(body)), **headers}
        head = "".join(f"{key.replace('_', '-')}: {value}\r\n" for key, value in lines.items() if value is not None)
        answer = self.raw(f"{method} {path} HTTP/1.1\r\n{head}\r\n{body}".encode())
        head, _, rest = answer.partition(b"\r\n\r\n")
        return int(head.split()[1]), head.decode(), rest

    def listen(self, version="1.1"):
        one = self.connect()
        one.sendall(f"GET /events HTTP/{version}\r\nHost: {self.host()}\r\n\r\n".encode())
        return one


def read_until(one, mark):
    """What a connection sends, up to a mark in it."""
    data = b""
    while mark not in data:
        more = one.recv(65536)
        assert more, (mark, data[-500:])
        data += more
    return data


def token_of(server):
    with server.listen() as one:
        return re.search(rb'"token":"([0-9a-f]{32})"', read_until(one, b'"}')).group(1).decode()


def check_pages(server):
    status, head, body = server.ask("GET", "/")
    assert status == 200 and b"<html" in body and "text/html" in head and "default-src 'self'" in head, head
    for path in re.findall(rb'(?:src|href)="(/[^"]+)"', body):
        status, head, page = server.ask("GET", path.decode())
        assert status == 200 and len(page) > 100, path
        for used in re.findall(rb'from "([^"]+)"', page):
            at = os.path.normpath(os.path.join(os.path.dirname(path.decode()), used.decode()))
            assert server.ask("GET", at)[0] == 200, (path, used)


def check_who_reads(server):
    port = server.port
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"LOCALHOST:{port}"):
        assert server.ask("GET", "/", Host=host)[0] == 200, host
    for host in (None, "", "evil.example", f"evil.example:{port}", "127.0.0.1", f"127.0.0.1:{port + 1}", f"127.0.0.1:{port}.evil"):
        assert server.ask("GET", "/", Host=host)[0] in (400, 403), host
    assert server.ask("GET", "/", Origin=f"http://127.0.0.1:{port}")[0] == 200
    for origin in ("null", "http://evil.example", f"https://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}", "http://"):
        for path in ("/", "/events", "/shared/view.js"):
            assert server.ask("GET", path, Origin=origin)[0] == 403, (origin, path)


def check_who_asks(server):
    token = token_of(server)
    assert server.ask("POST", "/ask", "rate 20", X_Hedon_Token=token)[0] == 200
    for wrong in (None, "", token[:-1], token.upper() + "0"):
        assert server.ask("POST", "/ask", "rate 20", X_Hedon_Token=wrong)[0] == 403, wrong
    assert server.ask("POST", "/ask", "rate 20", X_Hedon_Token=token, Origin="http://evil.example")[0] == 403
    assert server.ask("POST", "/ask", "rate 20", X_Hedon_Token=token, Host="evil.example")[0] == 403
    assert server.ask("POST", "/ask", "x" * 100000, X_Hedon_Token=token)[0] == 413
    for words in ("", "rate", "rate nonsense", "rate -1", "rate 1e99", "move", "move 99 1", "move 0 nan", "run 77", "\x00\x01", "quit"):
        assert server.ask("POST", "/ask", words, X_Hedon_Token=token)[0] == 200, words
    assert server.ask("DELETE", "/", X_Hedon_Token=token)[0] == 405
    assert server.ask("POST", "/", X_Hedon_Token=token)[0] == 405


def check_paths(server):
    """Nothing but the pages, however the path is written."""
    for path in ("/../secret", "/..%2f..%2fsecret", "/%2e%2e/secret", "//etc/passwd", "/shared/../../secret", "/shared/",
                 "/config.toml", "/runs/config.toml", "/shared/view.js/", "/watch.html", "\\..\\secret", "*"):
        status, _, body = server.ask("GET", path)
        assert status in (400, 404) and SECRET.encode() not in body, (path, status)


def check_nonsense(server):
    """Bytes that are no request neither end it nor are served."""
    for data in (b"\r\n\r\n", b"\x00" * 300 + b"\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\xff\xfe GET / HTTP/1.1\r\n\r\n",
                 b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 5000 + b"\r\n"):
        with server.connect() as one:
            try:
                one.sendall(data)
                one.shutdown(socket.SHUT_WR)
                answer = one.recv(4096)
            except OSError:
                continue
            assert not answer.startswith(b"HTTP/1.1 200"), (data[:20], answer[:80])
    assert server.ask("GET", "/")[0] == 200


def mutated(draw, data):
    """A request with some of its bytes changed, cut out, doubled, or cut off."""
    data = bytearray(data)
    for _ in range(draw.randint(1, 6)):
        at, n = draw.randrange(len(data) + 1), draw.randint(1, 8)
        data[at:at + draw.choice((0, n))] = draw.choice((b"", bytes(draw.randrange(256) for _ in range(n)), data[at:at + n] * 2,
                                                         b"\r\n", b"../", b"%00", b"Host: x\r\n", b"9" * 20))
    return bytes(data[:draw.randint(0, len(data))] if draw.random() < 0.2 else data)


def check_fuzzed(server):
    """Hundreds of broken requests: none is shown what it may not see, and the server stays well."""
    draw, token, host = random.Random(13), token_of(server), server.host()
    seeds = [f"GET /shared/view.js HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n",
             f"POST /ask HTTP/1.1\r\nHost: {host}\r\nX-Hedon-Token: {token}\r\nContent-Length: 7\r\n\r\nrate 20",
             f"POST /ask HTTP/1.1\r\nHost: {host}\r\nX-Hedon-Token: {token}\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nrat\r\n4\r\ne 20\r\n0\r\n\r\n"]
    for _ in range(200):
        with server.connect() as one:
            try:
                one.sendall(mutated(draw, draw.choice(seeds).encode()))
                one.shutdown(socket.SHUT_WR)
                answer = one.recv(65536)
            except OSError:
                continue
            assert SECRET.encode() not in answer, answer
    for _ in range(80):
        words = draw.choice(("rate ", "move ", "run ", "step", "learn ", "hold ")) + "".join(
            draw.choice("0123456789-+.e naninf\x00\xff") for _ in range(draw.randrange(12)))
        server.ask("POST", "/ask", words, X_Hedon_Token=token)
    server.ask("POST", "/ask", "learn 0", X_Hedon_Token=token)
    server.ask("POST", "/ask", "hold 0 0", X_Hedon_Token=token)
    server.ask("POST", "/ask", "rate 20", X_Hedon_Token=token)
    assert server.ask("GET", "/")[0] == 200


class Events:
    """Events of a server as they come: `of` waits for the next of a kind that fits."""

    def __init__(self, server):
        self.socket, self.data, self.last = server.listen("1.0"), b"", {}  # which is not cut into chunks

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.socket.close()

    def take(self):
        while b"\n\n" not in self.data[self.data.find(b"event: "):]:
            more = self.socket.recv(65536)
            assert more, self.data[-300:]
            self.data += more
        event, self.data = self.data[self.data.find(b"event: "):].split(b"\n\n", 1)
        kind, text = re.match(rb"event: (\w+)\ndata: (.*)", event, re.S).groups()
        self.last[kind.decode()] = json.loads(text)
        return kind.decode()

    def of(self, kind, fits=lambda value: True):
        while not (self.take() == kind and fits(self.last[kind])):
            pass
        return self.last[kind]


def check_learning(server):
    """It learns on, rollout by rollout, tells of values and weights, and plays again."""
    token = token_of(server)

    def ask(words):
        assert server.ask("POST", "/ask", words, X_Hedon_Token=token)[0] == 200

    with Events(server) as events:
        events.of("facts", lambda facts: not facts["learns"])  # nonsense may have asked it to
        ask("rate 0")
        ask("learn 1")
        assert events.of("facts", lambda facts: facts["learns"])["player"]["learnable"] is True
        steps = []
        for _ in range(3):
            ask("step")
            last = events.of("play", lambda decisions: decisions[-1]["learns"])[-1]
            assert last["action"] is None and last["value"] is not None, last
            steps.append(last["step"])
        assert all(b <= a + 10 for a, b in zip(steps, steps[1:])), steps  # rollouts of ten steps
        told = events.last["weights"]
        assert told["weights"] and told["map"] is None, told
        ask("learn 0")
        events.of("facts", lambda facts: not facts["learns"])
        ask("rate 20")


def check_hold(server, folder):
    """Who knows the token can ask a run to wait; the page's end is the end of it."""
    token, path = token_of(server), os.path.join(folder, "hold")
    server.ask("POST", "/ask", "hold 0 1")
    server.ask("POST", "/ask", "hold 99 1", X_Hedon_Token=token)
    assert not os.path.exists(path)
    server.ask("POST", "/ask", "hold 0 1", X_Hedon_Token=token)
    assert os.path.exists(path)
    server.ask("POST", "/ask", "hold 0 0", X_Hedon_Token=token)
    assert not os.path.exists(path)
    server.ask("POST", "/ask", "hold 0 1", X_Hedon_Token=token)


def check_many(server):
    """200 pages at once are all told; one that never reads keeps nobody from it."""
    idle = server.listen()
    listeners = [server.listen() for _ in range(200)]
    for one in listeners:
        read_until(one, b"event: play")
    assert server.ask("GET", "/")[0] == 200
    for one in listeners:
        one.close()
    assert server.ask("GET", "/")[0] == 200
    idle.close()


def check_events(server):
    with server.listen() as one:
        data = read_until(one, b"event: play")
        while b"\n\n" not in data.split(b"event: play")[1]:
            data += one.recv(65536)
    events = dict(re.findall(r"event: (\w+)\ndata: (.*)\n\n", data.decode()))
    runs = json.loads(events["runs"])["runs"]
    assert [run["done"] for run in runs] == [1] and runs[0]["task"] == "CartPole-v1", runs
    assert [point[0] for point in runs[0]["points"]] == [300, 600, 900], runs
    facts = json.loads(events["facts"])
    assert facts["seed"] == "18446744073709551615" and facts["player"]["hidden"] is None, facts
    populations = facts["player"]["populations"]
    decision = json.loads(events["play"])[0]
    for population, told in zip(populations, decision["populations"]):
        values = told.get("spike") or told["value"]
        assert len(values) == population["n"] * facts["player"]["substeps"], population
    assert facts["player"]["populations"][1]["threshold"] is None and decision["value"] is not None, decision
    weights = json.loads(events["weights"])["weights"]
    assert [len(w["w"]) for w in weights] == [p["pre"] * p["post"] for p in facts["player"]["projections"]]


# Task, method, and what its numbers of the state have to do with its observation.
STATES = [
    ("CartPole-v1", "neuron-agent", lambda s, o: all(map(near, s, o))),
    ("MountainCar-v0", "neuron-agent-online", lambda s, o: all(map(near, s, o))),
    ("PendulumPositions-v1", "sac", lambda s, o: near(math.cos(s[0]), o[0]) and near(math.sin(s[0]), o[1])),
    ("Acrobot-v1", "neuron-agent", lambda s, o: near(math.cos(s[0]), o[0]) and near(math.sin(s[1]), o[3])),
    ("WaterMaze-v0", "neuron-agent", lambda s, o: all(map(near, s, o))),
    ("TMaze-v0:length=5", "neuron-agent", lambda s, o: s[0] in range(6) and s[1] in (0, 1) and (s[0] > 0 or o == [s[1], 1, 1 - s[1]])),
    ("BlindCatch-v0", "neuron-agent", lambda s, o: o[5 + int(s[2])] == 1 and (s[0] > 0 or o[int(s[1])] == 1)),
    ("LunarLander-v3", "neuron-agent", lambda s, o: all(near(h, 10 / 3 * 0.99) for h in s[4:7]) and len(s) == 11),
    ("InvertedDoublePendulum-v4", "sac", lambda s, o: near(s[0], o[0]) and near(math.sin(s[1]), o[1])),
    ("Hopper-v4", "sac", lambda s, o: all(map(near, s[1:], o))),
    ("HalfCheetah-v4", "sac", lambda s, o: all(map(near, s[1:], o))),
    ("Walker2d-v4", "sac", lambda s, o: all(map(near, s[1:], o))),
    ("Ant-v4", "sac", lambda s, o: all(map(near, s[2:], o)) and len(s) == 15),
]


def near(a, b):
    return abs(a - b) <= 2e-3 * max(1, abs(a), abs(b))


def check_states(folder):
    """The state by which a task is drawn is that which the learner sees."""
    for task, method, agrees in STATES:
        run = os.path.join(folder, task.replace(":", "_"))
        made = subprocess.run([HEDON, "train", task, "--method", method, "--steps", "20", "--quiet", "--threads", "1", "--out", run, "--set", "eval_episodes=1",
                               "hidden=4"], capture_output=True, text=True)
        if made.returncode != 0:
            assert re.search("MuJoCo|MUJOCO|Box2D", made.stderr), made.stderr
            continue
        with Server("--play", run) as server, Events(server) as events:
            decisions = events.of("play")
            facts = events.last["facts"]
            assert all(agrees(d["state"], d["obs"]) for d in decisions), (task, decisions[0])
            assert facts["player"]["task"] == task


def check_busy(server):
    again = subprocess.run([HEDON, "watch", "--port", str(server.port)], capture_output=True, text=True)
    assert again.returncode == 1 and again.stdout == "", again
    assert again.stderr == (f"hedon: port {server.port} of 127.0.0.1 is in use; end the program that has it, or choose "
                            "another by --port\n"), again.stderr


def check_refusals(folder):
    for words, sentence in (
            (["--port", "65536"], "--port is 65536, allowed: whole, 1 to 65535"),
            (["--port", "x"], "--port is x, allowed: whole, 1 to 65535"),
            (["nowhere"], "nowhere is no folder"),
            (["--play", "nothing.hd"], "--play is nothing.hd, and there is no such file"),
            ([folder, "--play", "nothing.hd"], f"--play names all that is looked at; leave out {folder}"),
            (["--host", "0.0.0.0"], "--host is 0.0.0.0; give the address of one network of this machine, such as 127.0.0.1"),
            (["--host", "localhost"], "--host is localhost; give the address of one network of this machine, such as 127.0.0.1")):
        done = subprocess.run([HEDON, "watch", *words], capture_output=True, text=True, cwd=folder)
        assert done.stderr == f"hedon: {sentence}\n" and done.returncode in (1, 2), (words, done.stderr)


def main():
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([HEDON, "watch", folder, "--port", str(free_port()), "--host", "192.0.2.1"], capture_output=True,
                              text=True)
        if "built without libmicrohttpd" in done.stderr:
            print("hedon was built without libmicrohttpd: its server is not tested")
            return 77
        runs = os.path.join(folder, "runs")
        with open(os.path.join(folder, "secret"), "w", encoding="utf-8") as file:
            file.write(SECRET)
        subprocess.run([HEDON, "train", "CartPole-v1", "--seed", str(2**64 - 1), "--steps", "900", "--quiet", "--out", os.path.join(runs, "one"),
                        "--set", "eval_every=300", "eval_episodes=2", "overtrain=0", "envs=1", "rollout=10"], capture_output=True, check=True)
        check_refusals(folder)
        with Server(runs) as server:
            assert server.first == f"watching {runs} at http://127.0.0.1:{server.port}/ (Ctrl-C ends)\n", server.first
            for check in (check_pages, check_who_reads, check_who_asks, check_paths, check_nonsense, check_fuzzed, check_many,
                          check_learning, check_events, check_busy):
                check(server)
            check_hold(server, os.path.join(runs, "one"))
        assert not os.path.exists(os.path.join(runs, "one", "hold"))
        check_states(folder)
    print("pages, events and refusals of the server are as they should be")
    return 0


sys.exit(main())
