"""The data service that a program is about: how it is read, written and practised with is a module of its own."""

import os

import chroma_copy
import clickhouse_copy
import elastic_copy
import qdrant_copy

KNOWN = {module.NAME: module for module in (chroma_copy, clickhouse_copy, elastic_copy, qdrant_copy)}


def the_service(environment=os.environ):
    return KNOWN[environment["SERVICE_KIND"]]
