"""Content-Encoding taken off piece by piece, so that a bomb is noticed before it goes off.

The bytes are believed more than what is declared of them: many servers send small or stored answers plain, or
packed in another way than they say.
"""

import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress

import brotli
import zstandard

from monitor.model import FetchFailureKind
from monitor.steps.fetch.failures import Failed

#: most bytes any decoder hands out at once
STEP = 65_536
#: more layers than this are an attack
_MOST_LAYERS = 3
#: bytes from which is told whether something is text
_LOOK = 64
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_Chunks = Iterator[bytes]


def decoded(chunks: _Chunks, content_encoding: str) -> _Chunks:
    """The body without its content encodings, in pieces.

    :param content_encoding: the header's value, "" for none.
    :raises Failed: ENCODING for an unknown or broken encoding of what is no text, while the pieces are taken.
    """
    names = [name.strip().lower() for name in content_encoding.split(",") if name.strip()]
    names = [name for name in names if name not in {"identity", "none", "utf-8"}]
    if len(names) > _MOST_LAYERS:
        raise Failed(FetchFailureKind.ENCODING, f"packed {len(names)} times: {content_encoding[:80]}")
    for name in reversed(names):
        chunks = _checked(name, chunks)
    return chunks


def unpacked(chunks: _Chunks, content_encoding: str, most: int) -> bytes:
    """At most ``most`` bytes of a body without its content encodings, as far as it is sound."""
    return cut(_sound(chunks, content_encoding), most)


def _sound(chunks: _Chunks, content_encoding: str) -> _Chunks:
    with suppress(Failed):
        yield from decoded(chunks, content_encoding)


def bounded(chunks: _Chunks, most: int) -> bytes:
    """All pieces as one, at most ``most`` bytes.

    :raises Failed: TOO_LARGE as soon as there is more.
    """
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > most:
            raise Failed(FetchFailureKind.TOO_LARGE, f"more than {most:,} bytes")
    return bytes(body)


def cut(chunks: _Chunks, most: int) -> bytes:
    """The first ``most`` bytes of all pieces."""
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) >= most:
            break
    return bytes(body[:most])


def _checked(name: str, chunks: _Chunks) -> _Chunks:
    first = next((chunk for chunk in chunks if chunk), b"")
    if not first:
        return
    decode = _DECODERS.get(_true_name(name, first))
    if decode is None:
        raise Failed(FetchFailureKind.ENCODING, f"packed in an unknown way: {name[:40]}")
    try:
        yield from decode(_again(first, chunks))
    except _BROKEN as error:
        raise Failed(FetchFailureKind.ENCODING, f"broken {name}: {error}") from error


def _true_name(name: str, first: bytes) -> str:
    """How something is packed: as declared, unless it looks like something else and cannot be unpacked so."""
    looks = next((known for known, magic in _MAGIC.items() if first.startswith(magic)), "")
    looks = looks or ("" if _CONTROL.search(first[:_LOOK]) else "identity")
    if looks in {"", name} or (name in _DECODERS and _unpacks(_DECODERS[name], first)):
        return name
    return looks


def _unpacks(decode: Callable[[_Chunks], _Chunks], first: bytes) -> bool:
    try:
        next(decode(iter([first])), b"")
    except Failed:
        return True  # too little to tell
    except _BROKEN:
        return False
    return True


def _again(first: bytes, rest: _Chunks) -> _Chunks:
    yield first
    yield from rest


def _gunzip(chunks: _Chunks) -> _Chunks:
    """Members one after the other; what follows the last one is padding."""
    unpack = zlib.decompressobj(31)
    for chunk in chunks:
        rest = chunk
        while rest:
            yield from _inflated(unpack, rest)
            rest = unpack.unused_data
            if unpack.eof and rest and not rest.startswith(b"\x1f"):
                return
            if unpack.eof and rest:
                unpack = zlib.decompressobj(31)
    _complete(unpack.eof, "gzip")


def _inflate(chunks: _Chunks) -> _Chunks:
    """``deflate`` with the zlib header the standard asks for, or without it as some servers do."""
    first = next(chunks)
    wrapped = len(first) > 1 and first[0] & 15 == 8 and int.from_bytes(first[:2], "big") % 31 == 0
    unpack = zlib.decompressobj(15 if wrapped else -15)
    for chunk in _again(first, chunks):
        yield from _inflated(unpack, chunk)
    _complete(unpack.eof, "deflate")


def _inflated(unpack: "zlib._Decompress", data: bytes) -> _Chunks:
    while True:
        out = unpack.decompress(data, STEP)
        yield out
        data = unpack.unconsumed_tail
        if unpack.eof or (not data and len(out) < STEP):
            return


def _unbrotli(chunks: _Chunks) -> _Chunks:
    unpack = brotli.Decompressor()
    for chunk in chunks:
        out = unpack.process(chunk, output_buffer_limit=STEP)
        while out:
            yield out
            out = b"" if unpack.is_finished() else unpack.process(b"", output_buffer_limit=STEP)
    _complete(unpack.is_finished(), "brotli")


def _unzstd(chunks: _Chunks) -> _Chunks:
    """Fed in small pieces, since its output cannot be bounded: a block of 128 KB may come from 4 bytes."""
    engine = zstandard.ZstdDecompressor(max_window_size=2**27)
    unpack = engine.decompressobj()
    for chunk in chunks:
        for start in range(0, len(chunk), 128):
            rest = chunk[start : start + 128]
            while rest:
                unpack = engine.decompressobj() if unpack.eof else unpack
                yield unpack.decompress(rest)
                rest = unpack.unused_data
    _complete(unpack.eof, "zstd")


def _complete(ended: bool, name: str) -> None:
    if not ended:
        raise Failed(FetchFailureKind.ENCODING, f"the {name} body breaks off before its end")


_BROKEN = (zlib.error, brotli.error, zstandard.ZstdError)
_DECODERS: dict[str, Callable[[_Chunks], _Chunks]] = {
    "identity": iter,
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
#: what a packed body begins with, where that is certain
_MAGIC = {"gzip": b"\x1f\x8b\x08", "zstd": b"\x28\xb5\x2f\xfd"}
