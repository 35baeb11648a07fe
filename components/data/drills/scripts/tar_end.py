"""Whether a tar has come to its end: a server that fails on the way ends its answer as if that were all.

https://github.com/qdrant/qdrant/blob/v1.19.0/lib/collection/src/shards/shard_holder/mod.rs (stream_shard_snapshot)
https://www.gnu.org/software/tar/manual/html_node/Standard.html
"""

import tarfile

BLOCK = tarfile.BLOCKSIZE
#: Where a file with holes says that more of its map follows: in its header, and in each block of the map.
MORE_IN_HEADER = 482
MORE_IN_MAP = 504
#: What has no content, whatever its size says.
WITHOUT = (tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE)


class Tar:
    """Goes from header to header, and holds one block at most."""

    def __init__(self):
        self.block = b""
        self.rest = 0
        self.empty = 0
        self.size = None

    def follow(self, piece):
        rest = memoryview(piece)
        while rest:
            step = min(self.rest, len(rest)) or min(BLOCK - len(self.block), len(rest))
            if self.rest:
                self.rest -= step
            else:
                self.block += rest[:step]
                if len(self.block) == BLOCK:
                    block, self.block = self.block, b""
                    self.take(block)
            rest = rest[step:]

    def take(self, block):
        """A header, or a block of a file's map: of its size is what comes after them, and not they."""
        if self.size is None:
            if not any(block):
                self.empty += 1
                return
            header = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
            self.empty, self.size = 0, 0 if header.type in WITHOUT else header.size
            more = header.type == tarfile.GNUTYPE_SPARSE and block[MORE_IN_HEADER]
        else:
            more = block[MORE_IN_MAP]
        if not more:
            self.rest, self.size = -(-self.size // BLOCK) * BLOCK, None

    def is_over(self):
        """Two empty blocks where a header would be."""
        return self.empty >= 2 and not self.block
