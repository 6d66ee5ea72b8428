"""A headless Chromium, driven over a pipe by the DevTools protocol, with Python's own library."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time

SILENT = ["--no-first-run", "--disable-background-networking", "--disable-component-update",
          "--disable-sync", "--disable-default-apps", "--disable-gpu", "--hide-scrollbars"]


def program():
    """Where Chromium is, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


class Page:
    """One page of a browser of its own; what it complains of and what it asks the network for."""

    def __init__(self, width=1280, height=900, timeout=60):
        self.timeout = timeout
        self.complaints = []
        self.requests = []
        self._next = 0
        self._rest = b""
        self._profile = tempfile.mkdtemp(prefix="byzsim-browser-")
        self._start(width, height)
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = None
        attached = self._ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._ask(domain + ".enable")

    def _start(self, width, height):
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()
        command = [program(), "--headless=new", "--remote-debugging-pipe", *SILENT,
                   f"--window-size={width},{height}", "--user-data-dir=" + self._profile]
        if os.geteuid() == 0:
            command.append("--no-sandbox")

        def wire():  # the protocol's ends are the descriptors 3 and 4
            source, sink = os.dup(to_browser), os.dup(from_browser)
            os.dup2(source, 3)
            os.dup2(sink, 4)

        self._process = subprocess.Popen(command, preexec_fn=wire, pass_fds=(3, 4),
                                         stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                         stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self._session = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait(20)
        os.close(self._write)
        os.close(self._read)
        shutil.rmtree(self._profile, ignore_errors=True)

    def _ask(self, method, **parameters):
        self._next += 1
        asked = {"id": self._next, "method": method, "params": parameters}
        if self._session:
            asked["sessionId"] = self._session
        os.write(self._write, json.dumps(asked).encode() + b"\0")
        deadline = time.monotonic() + self.timeout
        while time.monotonic() < deadline:
            heard = self._hear()
            if heard.get("id") == self._next:
                if "error" in heard:
                    raise RuntimeError(f"{method}: {heard['error']}")
                return heard["result"]
            self._note(heard)
        raise TimeoutError(method)

    def _hear(self):
        while b"\0" not in self._rest:
            some = os.read(self._read, 1 << 20)
            if not some:
                raise RuntimeError("the browser has gone")
            self._rest += some
        message, self._rest = self._rest.split(b"\0", 1)
        return json.loads(message)

    def _note(self, event):
        method, told = event.get("method"), event.get("params", {})
        if method == "Runtime.exceptionThrown":
            details = told["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Runtime.consoleAPICalled" and told["type"] in ("error", "warning"):
            self.complaints.append(str([each.get("value") for each in told["args"]]))
        elif method == "Log.entryAdded" and told["entry"]["level"] in ("error", "warning"):
            self.complaints.append(told["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])

    def open(self, file):
        """Opens a file and waits until it is loaded and painted once."""
        self._ask("Page.navigate", url="file://" + os.path.abspath(file))
        self.wait_for("document.readyState === 'complete'")
        self.run("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def run(self, script):
        """The value of an expression; a promise is waited for."""
        answer = self._ask("Runtime.evaluate", expression=script, returnByValue=True,
                           awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"]["description"])
        return answer["result"].get("value")

    def wait_for(self, condition):
        deadline = time.monotonic() + self.timeout
        while not self.run(condition):
            if time.monotonic() > deadline:
                raise TimeoutError(condition)
            time.sleep(0.05)

    def press(self, key):
        """A key on whatever has the focus."""
        for kind in ("keyDown", "keyUp"):
            self._ask("Input.dispatchKeyEvent", type=kind, key=key, code=key)

    def prefer(self, **features):
        """Media features by name, '_' for '-': prefer(prefers_color_scheme="dark")."""
        self._ask("Emulation.setEmulatedMedia", features=[
            {"name": name.replace("_", "-"), "value": value} for name, value in features.items()])

    def resize(self, width, height):
        """The page as wide as that, also where no window can be: on a phone."""
        self._ask("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=width < 600)

    def picture(self, file):
        """The whole page as a PNG."""
        size = self._ask("Page.getLayoutMetrics")["cssContentSize"]
        shot = self._ask("Page.captureScreenshot", captureBeyondViewport=True,
                         clip={"x": 0, "y": 0, "width": size["width"], "height": size["height"],
                               "scale": 1})
        with open(file, "wb") as out:
            out.write(base64.b64decode(shot["data"]))

    def paper(self, file):
        """The page as it is printed, as PDF."""
        with open(file, "wb") as out:
            out.write(base64.b64decode(
                self._ask("Page.printToPDF", preferCSSPageSize=True)["data"]))
