"""A page in headless Chromium, steered through its DevTools protocol; the standard library is enough.

    with Browser() as browser:
        page = browser.open("file:///...", width=1280)
        page.wait("document.body.dataset.state === 'ready'")
        assert page.faults == []
"""
import base64
import json
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import time
import urllib.request


def find():
    """The browser's path, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


class Socket:
    """A WebSocket to this machine that sends and receives text."""

    def __init__(self, url, patience):
        host, path = url.removeprefix("ws://").split("/", 1)
        name, port = host.split(":")
        self.patience = patience
        self.raw = socket.create_connection((name, int(port)), timeout=patience)
        key = base64.b64encode(os.urandom(16)).decode()
        self.raw.sendall((f"GET /{path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
        self.data = b""
        while b"\r\n\r\n" not in self.data:
            self.data += self.raw.recv(4096)
        head, self.data = self.data.split(b"\r\n\r\n", 1)
        assert b" 101 " in head.split(b"\r\n")[0], head

    def take(self, n):
        while len(self.data) < n:
            more = self.raw.recv(1 << 20)
            assert more, "the browser has closed the connection"
            self.data += more
        taken, self.data = self.data[:n], self.data[n:]
        return taken

    def send(self, text):
        data, mask = text.encode(), os.urandom(4)
        n = len(data)
        size = (bytes([0x80 | n]) if n < 126 else bytes([0x80 | 126]) + struct.pack(">H", n) if n < 65536
                else bytes([0x80 | 127]) + struct.pack(">Q", n))
        repeated = (mask * (n // 4 + 1))[:n]
        masked = (int.from_bytes(data, "big") ^ int.from_bytes(repeated, "big")).to_bytes(n, "big")
        self.raw.sendall(b"\x81" + size + mask + masked)

    def receive(self):
        """The next message; frames that belong together are joined."""
        message = b""
        while True:
            first, second = self.take(2)
            n = second & 0x7F
            n = struct.unpack(">H", self.take(2))[0] if n == 126 else struct.unpack(">Q", self.take(8))[0] if n == 127 else n
            data = self.take(n)
            if first & 0x0F in (0, 1):
                message += data
                if first & 0x80:
                    return message.decode()


class Page:
    """One page. `faults` gathers errors, warnings of scripts, and what could not be loaded."""

    def __init__(self, url, patience):
        self.socket = Socket(url, patience)
        self.number = 0
        self.faults = []
        for domain in ("Runtime", "Log", "Page", "Network"):
            self.call(domain + ".enable")

    def hear(self, message):
        method, params = message.get("method"), message.get("params", {})
        if method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.faults.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
            self.faults.append(" ".join(str(a.get("value", a.get("description"))) for a in params["args"]))
        elif method == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.faults.append(params["entry"]["text"])

    def call(self, method, **params):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": params}))
        while True:
            message = json.loads(self.socket.receive())
            if message.get("id") == self.number:
                assert "error" not in message, (method, message)
                return message["result"]
            self.hear(message)

    def run(self, expression):
        """The value of an expression of JavaScript."""
        done = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in done, (expression, done["exceptionDetails"])
        return done["result"].get("value")

    def wait(self, expression, seconds=60):
        """Until an expression holds; its value."""
        end = time.monotonic() + seconds
        while True:
            value = self.run(expression)
            if value:
                return value
            assert time.monotonic() < end, f"not so after {seconds} s: {expression}; faults: {self.faults}"
            time.sleep(0.02)

    def go(self, url):
        self.call("Page.navigate", url=url)
        self.wait("document.readyState === 'complete'")

    def front(self):
        """Only the page in front is drawn."""
        self.call("Page.bringToFront")

    def close(self):
        self.call("Page.close")

    def look(self, width, dark=False):
        """How wide the page is, and whether its reader likes it dark."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setScrollbarsHidden", hidden=True)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])

    def picture(self, path, height=None):
        """A picture, png or webp by the name's end, of so many pixels from the top, or of the whole page."""
        height = height or self.run("document.documentElement.scrollHeight")
        clip = {"x": 0, "y": 0, "width": self.run("innerWidth"), "height": height, "scale": 1}
        kind = os.path.splitext(path)[1][1:]
        quality = {"quality": 80} if kind == "webp" else {}
        shot = self.call("Page.captureScreenshot", format=kind, clip=clip, captureBeyondViewport=True, **quality)
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot["data"]))

    def key(self, key):
        codes = {"Tab": 9, "Enter": 13, " ": 32, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40, "+": 187}
        text = {"type": "keyDown", "text": "\r"} if key == "Enter" else {"type": "rawKeyDown"}
        for kind in (text, {"type": "keyUp"}):
            self.call("Input.dispatchKeyEvent", key=key, code=key, windowsVirtualKeyCode=codes[key], **kind)

    def mouse(self, kind, x, y):
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", buttons=1, clickCount=1)


class Browser:
    """Headless Chromium with a profile of its own, ended at the end."""

    def __init__(self, patience=120):
        self.patience = patience
        self.folder = tempfile.mkdtemp(prefix="hedon-browser-")
        self.process = subprocess.Popen(
            [find(), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--disable-extensions", "--remote-debugging-port=0",
             f"--user-data-dir={self.folder}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.port = self.read_port()

    def read_port(self):
        path, end = os.path.join(self.folder, "DevToolsActivePort"), time.monotonic() + self.patience
        while True:
            try:
                with open(path, encoding="utf-8") as file:
                    return int(file.readline())
            except (OSError, ValueError):
                assert self.process.poll() is None, "the browser has ended"
                assert time.monotonic() < end, "the browser does not answer"
                time.sleep(0.05)

    def open(self, url, width=1280, dark=False):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/json/new?about:blank", method="PUT")
        with urllib.request.urlopen(request, timeout=self.patience) as answer:
            page = Page(json.load(answer)["webSocketDebuggerUrl"], self.patience)
        page.look(width, dark)
        page.go(url)
        return page

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
