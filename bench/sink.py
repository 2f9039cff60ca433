"""A mail server in a process of its own that takes everything: ``python -m bench.sink`` says its port, then each mail.

A line a mail: the clock (``time.monotonic``, the same in every process), the recipient, the Message-ID.
"""

import socketserver
import sys
import threading
import time

LOCK = threading.Lock()


class Conversation(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self) -> None:
        try:
            self.converse()
        except OSError:
            return  # the other side was killed

    def converse(self) -> None:
        self.say(b"220 sink ready")
        recipient = ""
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"EHLO":
                self.say(b"250-sink\r\n250 8BITMIME")
            elif verb == b"DATA":
                self.say(b"354 go on")
                lines = []
                while (line := self.rfile.readline()) != b".\r\n":
                    if not line:
                        return  # killed in the middle of a mail, which was not taken
                    lines.append(line)
                text = b"".join(lines)
                number = text.partition(b"Message-ID: ")[2].partition(b"\r\n")[0].decode()
                with LOCK:
                    print(time.monotonic(), recipient, number, flush=True)
                self.say(b"250 kept")
            elif verb == b"QUIT":
                self.say(b"221 bye")
                return
            else:
                if verb == b"RCPT":
                    recipient = line.partition(b"<")[2].partition(b">")[0].decode()
                self.say(b"250 ok")

    def say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")


def main() -> None:
    socketserver.ThreadingTCPServer.daemon_threads = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        print(server.server_address[1], flush=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sys.stdin.read()  # until who started it is gone


if __name__ == "__main__":
    main()
