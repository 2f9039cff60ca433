"""The other end of the scanner's plug: answers INSTREAM over a real socket as clamd does, and finds EICAR."""

import socketserver
import struct
import threading


class _Scan(socketserver.StreamRequestHandler):
    def handle(self):
        clamd = self.server.clamd
        if self.rfile.read(len(b"zINSTREAM\0")) != b"zINSTREAM\0":
            return
        content = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
        clamd.seen.append(content)
        found = "stream: Eicar-Test-Signature FOUND" if b"EICAR" in content else "stream: OK"
        self.wfile.write((clamd.answer or found).encode() + b"\0")


class Clamd:
    def __enter__(self):
        self.seen, self.answer = [], ""
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Scan)
        self.server.daemon_threads, self.server.clamd = True, self
        self.url = f"clamd://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exc):
        self.server.shutdown()
        self.server.server_close()
