"""Runs the models: encoders behind one protocol, their catalog, download and devices.

Layer 2; all of torch, open_clip and onnxruntime lives here. Imports settings, paths, types and
errors.
"""

import os

# ONNX Runtime's own packages tell their maker how they are used, and note an identifier of the
# machine; only this, set before it is imported, keeps them from both. Hugging Face's libraries
# count what is loaded. Here nothing is sent.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
