"""Writes trained weights as ONNX of plain layers: `python -m training.dates.export NAME IN.pt OUT.onnx`."""

import sys
from pathlib import Path

import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from training.dates.nets import DigitNet, SequenceNet, without_normalisation

_NETS = {"sequence": SequenceNet, "digits": DigitNet}
_OPSET, _IR_VERSION = 13, 8


def main(name: str, weights: Path, out: Path) -> None:
    """Write the net with its normalisation folded in."""
    net = _NETS[name]()
    net.load_state_dict(torch.load(weights))
    net.eval()
    nodes, tensors, last = [], [], "line"
    for number, layer in enumerate(without_normalisation(net.layers)):
        following = f"x{number}"
        if isinstance(layer, nn.Conv2d):
            names = [f"w{number}", f"b{number}"]
            for tensor_name, tensor in zip(names, (layer.weight, layer.bias), strict=True):
                tensors.append(numpy_helper.from_array(tensor.detach().numpy(), tensor_name))
            nodes.append(_convolution(layer, last, names, following))
        elif isinstance(layer, nn.MaxPool2d):
            size = layer.kernel_size if isinstance(layer.kernel_size, tuple) else (layer.kernel_size,) * 2
            nodes.append(helper.make_node("MaxPool", [last], [following], kernel_shape=size, strides=size))
        else:
            nodes.append(helper.make_node("Relu", [last], [following]))
        last = following
    source = helper.make_tensor_value_info("line", TensorProto.FLOAT, [1, 1, 32, 256])
    target = helper.make_tensor_value_info(last, TensorProto.FLOAT, [1, 15, 1, 64])
    graph = helper.make_graph(nodes, name, [source], [target], tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION)
    onnx.checker.check_model(model)
    out.write_bytes(model.SerializeToString())


def _convolution(layer: nn.Conv2d, source: str, weights: list[str], target: str) -> onnx.NodeProto:
    down, across = layer.padding
    return helper.make_node(
        "Conv", [source, *weights], [target], pads=[down, across, down, across], dilations=layer.dilation
    )


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
