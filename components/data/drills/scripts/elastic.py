"""Elasticsearch's interface, as far as snapshots need it.

https://www.elastic.co/docs/api/doc/elasticsearch/group/endpoint-snapshot
"""

import base64
import json
import os
import ssl
import time
import urllib.parse
import urllib.request

from web import TRIES, Refused, send

#: The longest silence, in seconds: of a short question, and of a restore that is waited for.
SOON = 60
LONG = 4 * 3600


class Server:
    def __init__(self, url, login=None):
        """
        :param login: folder with `username`, `password` and, of who vouches for the server, `ca.crt`
        """
        self.url = url
        self.headers = {}
        self.context = None
        if login is not None:
            shown = f"{text_of(login, 'username')}:{text_of(login, 'password')}".encode()
            self.headers = {"Authorization": "Basic " + base64.b64encode(shown).decode()}
            self.context = ssl.create_default_context(cafile=os.path.join(login, "ca.crt"))

    def ask(self, method, path, body=None, tries=TRIES, seconds=SOON):
        data = None if body is None else json.dumps(body).encode()
        typed = {} if data is None else {"Content-Type": "application/json"}

        def request():
            return urllib.request.Request(f"{self.url}/{path}", data=data, method=method, headers={**typed, **self.headers})

        return json.loads(send(request, tries, seconds=seconds, context=self.context))

    def wait(self, seconds):
        """Until it answers for its cluster: a server beside this program starts when it does."""
        end = time.monotonic() + seconds
        while True:
            try:
                return self.ask("GET", "_cluster/health?wait_for_status=yellow&timeout=30s", tries=1)
            except Refused:
                if time.monotonic() > end:
                    raise
                time.sleep(1)

    def counts(self, patterns):
        """Documents of each index that fits, hidden ones as those behind a stream among them; what was just written counts."""
        below, all_of_them = quoted(patterns), "expand_wildcards=open,hidden&ignore_unavailable=true&allow_no_indices=true"
        self.ask("POST", f"{below}/_refresh?{all_of_them}")
        found = self.ask("GET", f"{below}/_stats/docs?{all_of_them}&filter_path=indices.*.primaries.docs.count")
        return {name: told["primaries"]["docs"]["count"] for name, told in found.get("indices", {}).items()}

    def register(self, repository, told):
        self.ask("PUT", f"_snapshot/{repository}", told)

    def take(self, policy):
        """Has a snapshot taken as its schedule would, and says what it is called. Once: who hears no answer does not know whether one is."""
        return self.ask("PUT", f"_slm/policy/{policy}/_execute", tries=1)["snapshot_name"]

    def snapshot(self, repository, name):
        """What there is of it; None where there is none, as for a moment after it was asked for."""
        try:
            [found] = self.ask("GET", f"_snapshot/{repository}/{quoted(name)}")["snapshots"]
        except Refused as refused:
            if refused.status == 404:
                return None
            raise
        return found

    def snapshots(self, repository):
        return self.ask("GET", f"_snapshot/{repository}/_all")["snapshots"]

    def restore(self, repository, name, index):
        """One index of a snapshot, without copies and without a policy. It says so once it is there, or that it failed."""
        told = {
            "indices": index,
            "include_global_state": False,
            "include_aliases": False,
            "feature_states": ["none"],
            "index_settings": {"index.number_of_replicas": 0},
            "ignore_index_settings": ["index.lifecycle.name"],
        }
        answer = self.ask("POST", f"_snapshot/{repository}/{quoted(name)}/_restore?wait_for_completion=true", told, 1, LONG)
        return answer["snapshot"]["shards"]

    def search(self, index):
        """What it finds in an index: how many, and parts of the index that said nothing."""
        found = self.ask("POST", f"{quoted(index)}/_search?track_total_hits=true", {"size": 1}, seconds=LONG)
        return found["hits"]["total"]["value"], found["_shards"]["failed"]

    def delete(self, index):
        self.ask("DELETE", quoted(index))


def quoted(text):
    return urllib.parse.quote(text, safe=",*")


def text_of(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        return file.read().strip()
