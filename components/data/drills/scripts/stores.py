"""The store of backups: `put`, `get`, `names` and `delete` below one folder, by the identity of the pod and without a key of its own."""

import os

import blob
import s3


def open_store(environment=os.environ):
    """The store that the environment names. No name leaves the folder; on AWS the pod's identity may write to no other."""
    kinds = {"s3": s3.from_environment, "blob": blob.from_environment}
    return Folder(kinds[environment["STORE_KIND"]](environment), environment["STORE_FOLDER"])


class Folder:
    def __init__(self, store, folder):
        self.store = store
        self.prefix = f"{folder}/"

    def put(self, name, data):
        self.store.put(self.prefix + name, data)

    def get(self, name):
        return self.store.get(self.prefix + name)

    def delete(self, name):
        self.store.delete(self.prefix + name)

    def names(self, below=""):
        """Names of all objects, sorted."""
        return sorted(name for name, _ in self.listed(below))

    def listed(self, below=""):
        """Names of objects, each with the moment at which it was written."""
        for name, moment in self.store.listed(self.prefix + below):
            yield name.removeprefix(self.prefix), moment
