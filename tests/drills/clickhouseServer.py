"""ClickHouse's engine, of the package chdb, behind as much of the server's HTTP interface as backups and drills call.

What follows INSERT is in a file for the engine, which has no body of a request. A call of `/break` has the next answer of rows break off, as that of a server
that fails on the way does.
"""

import http.server
import re
import sys
import tempfile
import urllib.parse

from chdb.session import Session

INSERT = re.compile(r"(?s)INSERT INTO (.*) FORMAT RowBinary")


class Engine:
    def __init__(self, folder):
        self.session = Session(folder)

    def answer(self, query, settings, data):
        for key, value in settings.items():
            self.session.query(f"SET {key} = {value}")
        found = INSERT.fullmatch(query)
        if found is None:
            return self.session.query(data.decode()).bytes()
        with tempfile.NamedTemporaryFile(suffix=".rows") as file:
            file.write(data)
            file.flush()
            return self.session.query(f"INSERT INTO {found[1]} SELECT * FROM file('{file.name}', 'RowBinary')").bytes()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    engine = None
    breaks = False

    def do_GET(self):
        self.say(200, b"Ok.\n")

    def do_POST(self):
        data = self.rfile.read(int(self.headers["Content-Length"]))
        url = urllib.parse.urlsplit(self.path)
        if url.path == "/break":
            Handler.breaks = True
            return self.say(200, b"")
        settings = dict(urllib.parse.parse_qsl(url.query))
        try:
            said = self.engine.answer(settings.pop("query", ""), settings, data)
        except Exception as error:  # pylint: disable=broad-except
            return self.say(400, str(error).encode())
        if Handler.breaks and said and b"FORMAT RowBinary" in data:
            Handler.breaks = False
            return self.break_off(said)
        return self.say(200, said)

    def say(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        # One call after the other: the engine takes them from one thread.
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(text)

    def break_off(self, said):
        """In pieces, of which the last never comes."""
        half = said[: len(said) // 2]
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(half), half))
        self.close_connection = True

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    Handler.engine = Engine(sys.argv[1])
    http.server.HTTPServer(("127.0.0.1", int(sys.argv[2])), Handler).serve_forever()
