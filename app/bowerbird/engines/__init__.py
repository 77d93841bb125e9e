"""Runs the models: encoders behind one protocol, their catalog, download and devices.

Layer 2; all of torch, open_clip and onnxruntime lives here. Imports settings, paths, types and
errors.
"""
