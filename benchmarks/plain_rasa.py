"""The fair peer of a turn: Rasa as it comes, with our model and our actions.

`python -m benchmarks.plain_rasa run ...` in Rasa's environment is Rasa's own `rasa run`: its REST channel,
its SQLite tracker store, its locks. Of ours are what the model names and the texts, from the catalogues.
TensorFlow, which our model does not use, is answered by a stand-in, as in our own server: it costs memory and
seconds of start, and nothing in a turn.
"""

from __future__ import annotations

import os
import warnings


def main() -> None:
    """Hand over to Rasa's command line."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    warnings.filterwarnings("ignore")
    from nlu import without_tensorflow

    without_tensorflow.install()
    from rasa.__main__ import main as rasa

    rasa()


if __name__ == "__main__":
    main()
