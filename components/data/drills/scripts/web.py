"""HTTP as backups need it: with a time limit, tried again where trying again can help, and an error that says who answered what."""

import http.client
import json
import time
import urllib.error
import urllib.request

TRIES = 4
SECONDS = 60
#: Asked again: too many requests, and what a server or somebody before it says while it is not itself.
PASSING = (408, 429, 500, 502, 503, 504)


class Refused(Exception):
    """An answer that is no success, or none at all."""

    def __init__(self, method, url, status, said):
        super().__init__(f"{method} {url}: {status} {said}".rstrip())
        self.status = status


def read_whole(answer):
    return answer.read()


def send(request, tries=TRIES, pause=1.0, seconds=SECONDS, context=None, take=read_whole):
    """What `take` makes of the answer to what `request()` makes, its body: it is made anew for each try, because signatures age.

    :param seconds: the longest silence
    :param context: of TLS, where the system's authorities are not those to believe
    """
    for turn in range(1, tries + 1):
        made = request()
        url = made.full_url.split("?")[0]
        try:
            with urllib.request.urlopen(made, timeout=seconds, context=context) as answer:
                return take(answer)
        except urllib.error.HTTPError as error:
            failure = Refused(made.get_method(), url, error.code, error.read(500).decode("utf-8", "replace"))
            if error.code not in PASSING:
                raise failure from None
        # A body that ends before its length is of the second kind.
        except (OSError, http.client.HTTPException) as error:
            failure = Refused(made.get_method(), url, "no answer:", str(error))
        if turn < tries:
            time.sleep(pause * 2 ** (turn - 1))
    raise failure


def send_json(method, url, body=None, headers=None, tries=TRIES):
    data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    typed = {} if data is None else {"Content-Type": "application/json"}

    def request():
        return urllib.request.Request(url, data=data, method=method, headers={**typed, **(headers or {})})

    answer = send(request, tries)
    return json.loads(answer) if answer else None
