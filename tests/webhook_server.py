"""Somebody else's server: a real HTTP server over a real socket that keeps what it is sent and answers as it is told.

    with WebhookServer() as server:
        settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.0/8"]
        server.answers = [503, 200]         one after the other; the last one stays
        server.url, server.requests[0].body, server.requests[0].headers
"""

import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Received:
    path: str
    headers: dict
    body: bytes


class WebhookServer:
    def __init__(self):
        self.requests, self.answers, self.slowness, self.location = [], [200], 0.0, ""
        self.drip = False  # a byte now and then, without end
        self.headers = {}  # sent with each answer

    def __enter__(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self.server.daemon_threads, self.server.block_on_close, self.server.told = True, False, self
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *exc):
        self.server.shutdown()
        self.server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        told = self.server.told
        body = self.rfile.read(int(self.headers["Content-Length"]))
        told.requests.append(Received(self.path, dict(self.headers), body))
        time.sleep(told.slowness)
        code = told.answers.pop(0) if len(told.answers) > 1 else told.answers[0]
        self.send_response(code)
        for name, value in told.headers.items():
            self.send_header(name, value)
        if told.location:
            self.send_header("Location", told.location)
        self.send_header("Content-Length", "1000000" if told.drip else "0")
        self.end_headers()
        while told.drip:
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.1)

    def log_message(self, *_args):
        """Say nothing."""
