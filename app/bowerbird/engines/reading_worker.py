"""The process in which text is read: takes pixels from its pipe until that closes."""

from __future__ import annotations

import os
import signal
import sys
import threading
from queue import SimpleQueue
from typing import Any

from bowerbird.engines.processors import physical_cores
from bowerbird.workers import answers_alone, limit_memory, receive, send

# Three times what a page takes; a picture that wants more fails alone.
MEMORY_LIMIT = 6 << 30
# Searches and the window come first when there is more to do than there are processors.
NICENESS = 10
# How far a found line is widened, in shares of its height. The package's own 1.6 cuts so close
# that the blanks between words are lost: of 1,053 words on rendered pages 35 % were right, with
# this and the weight below 99 %.
WIDENED = 2.1
# How many times its height is seen of a line to tell which way up it is.
LOOKED_AT = 4
# How much likelier a blank is taken to be than the network says.
BLANK_WEIGHT = 30.0


def main() -> None:
    """Serve requests on standard input and output."""
    answers = answers_alone()
    limit_memory(MEMORY_LIMIT)
    # Ctrl-C is for the terminal's own program, which ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    waiting: SimpleQueue[tuple[dict[str, Any], bytes]] = SimpleQueue()
    threading.Thread(target=_listen, args=(waiting,), daemon=True).start()
    try:
        engine = load()
    except Exception as error:  # noqa: BLE001  # whatever is wrong with the package is told
        send(answers, {"error": f"{type(error).__name__}: {error}"[:300]})
        return
    send(answers, {"ready": True})
    while True:
        send(answers, answer(engine, *waiting.get()))


def _listen(waiting: SimpleQueue[tuple[dict[str, Any], bytes]]) -> None:
    """Take requests; when there is nobody to answer any more, end at once, whatever goes on."""
    while True:
        try:
            waiting.put(receive(sys.stdin.buffer))
        except (EOFError, OSError, ValueError):
            os._exit(0)


def load() -> Any:
    """Return the engine, told to keep the blanks between words.

    Raises:
        ImportError: A package is missing or cannot be loaded.
    """
    from rapidocr_onnxruntime import RapidOCR
    from rapidocr_onnxruntime.utils import OrtInferSession

    plain = OrtInferSession._init_sess_opts

    def options(config: dict[str, Any]) -> Any:
        made = plain(config)
        # Threads that wait in a loop would take the time of searches and the window.
        made.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # Memory is kept between lines: asking the system for it anew takes a sixth of the time.
        made.enable_cpu_mem_arena = True
        return made

    OrtInferSession._init_sess_opts = staticmethod(options)
    engine = RapidOCR(intra_op_num_threads=physical_cores(), inter_op_num_threads=1)
    engine.text_det.postprocess_op.unclip_ratio = WIDENED
    # Six at once, as it comes, take twice as long: they fit into no cache, and all are padded.
    engine.text_rec.rec_batch_num = 1
    engine.text_cls = Upright(engine.text_cls)
    engine.text_rec.postprocess_op = Spaced(engine.text_rec.postprocess_op)
    return engine


class Upright:
    """Turns lines that stand on their heads, by a look at their middles.

    The engine looks at whole lines, squeezed into four times their height, and so turned 15 of 100
    lines of a page that stood right, and left 52 of those that did not; now it is 0.2 and 4.

    Args:
        classifier: The engine's own, whose answers are "0" or "180" and how sure that is.
    """

    def __init__(self, classifier: Any) -> None:
        self._classifier = classifier

    def __call__(self, lines: list[Any]) -> tuple[list[Any], Any, float]:
        """Return the lines upright, uint8 [height, width, 3] each, and what was answered."""
        _, answers, took = self._classifier([_middle(line) for line in lines])
        upright = [
            line[::-1, ::-1] if label == "180" and sure > self._classifier.cls_thresh else line
            for line, (label, sure) in zip(lines, answers, strict=True)
        ]
        return upright, answers, took


def _middle(line: Any) -> Any:
    height, width = line.shape[:2]
    start = max(0, (width - LOOKED_AT * height) // 2)
    return line[:, start : start + LOOKED_AT * height]


class Spaced:
    """Decodes what was recognised with more weight on blanks, which the network is shy of.

    Args:
        decoder: The engine's own decoder; its last character is the blank.
    """

    def __init__(self, decoder: Any) -> None:
        self._decoder = decoder

    def __call__(self, chances: Any, *words: Any, **more: Any) -> Any:
        """Return texts and confidences of probabilities, float32 [lines, steps, characters]."""
        weighted = chances.copy()
        # Between characters alone, none of which is to be lost; a chance stays one.
        between = chances.argmax(-1) == 0
        weighted[between, -1] = (weighted[between, -1] * BLANK_WEIGHT).clip(max=1.0)
        return self._decoder(weighted, *words, **more)


def answer(engine: Any, request: dict[str, Any], data: bytes) -> dict[str, Any]:
    """Read one picture: its lines, each with confidence and box in shares, or what went wrong."""
    import numpy as np

    try:
        height, width = request["shape"]
        pixels = np.frombuffer(data, np.uint8).reshape(height, width, 3)
        found, _ = engine(np.ascontiguousarray(pixels[..., ::-1]))  # it wants blue first
    except Exception as error:  # noqa: BLE001  # hostile pictures make it raise anything
        return {"error": type(error).__name__}
    lines = []
    for corners, text, confidence in found or []:
        across, down = zip(*corners, strict=True)
        box = (min(across) / width, min(down) / height, max(across) / width, max(down) / height)
        said = " ".join(str(text).split())
        if said:
            lines.append([said, float(confidence), *map(float, box)])
    return {"lines": lines}
