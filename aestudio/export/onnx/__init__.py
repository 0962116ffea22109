"""Steps of a model as graphs of ONNX."""
