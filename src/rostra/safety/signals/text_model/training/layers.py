"""The layers of `network.py` for many texts at once, forwards and backwards.

`xp` is NumPy or CuPy. A batch of texts is one matrix: the rows of all their pieces below each
other, texts padded to the same length. Every `*_back` takes what its forward half kept and the
gradient of what came out, adds gradients of weights to `grads`, and answers the gradient of what
went in.
"""

from typing import Any, Final, NamedTuple

from rostra.safety.signals.text_model.heads import COLUMNS
from rostra.safety.signals.text_model.network import ATTENTIONS, TINY, sums

Array = Any
"""An array of NumPy or CuPy: the types of the one don't name those of the other."""

Weights = dict[str, Array]

_FAR: Final = 1e4  # taken from what padding has to say


class Batch(NamedTuple):
    """Texts of the same length.

    Attributes:
        texts: how many.
        length: pieces of each, with padding.
        mask: a column, 1 for pieces and 0 for padding.
    """

    texts: int
    length: int
    mask: Array


def near(xp: Any, weights: Weights, name: str, x: Array, batch: Batch) -> tuple[Array, Any]:
    """What each piece means beside its neighbours."""
    width = x.shape[1]
    cube = x.reshape(batch.texts, batch.length, width)
    wide = xp.zeros((batch.texts, batch.length, 3 * width), xp.float32)
    wide[:, 1:, :width] = cube[:, :-1]
    wide[:, :, width : 2 * width] = cube
    wide[:, :-1, 2 * width :] = cube[:, 1:]
    wide = wide.reshape(-1, 3 * width)
    out = xp.maximum(wide @ weights[name] + weights[f"{name}_b"], 0) * batch.mask
    return out, (batch, wide, out)


def near_back(weights: Weights, grads: Weights, name: str, kept: Any, dout: Array) -> Array:
    """Backwards through `near`."""
    batch, wide, out = kept
    dout = dout * (out > 0)
    grads[name] = wide.T @ dout
    grads[f"{name}_b"] = dout.sum(axis=0)
    width = dout.shape[1]
    dwide = (dout @ weights[name].T).reshape(batch.texts, batch.length, 3 * width)
    dx = dwide[:, :, width : 2 * width].copy()
    dx[:, :-1] += dwide[:, 1:, :width]
    dx[:, 1:] += dwide[:, :-1, 2 * width :]
    return dx.reshape(-1, width)


def normed(xp: Any, factor: Array, x: Array) -> tuple[Array, Any]:
    """Every row brought to the same length, then multiplied."""
    root = 1 / xp.sqrt((x * x).mean(axis=1, keepdims=True) + TINY)
    even = x * root
    return even * factor, (even, root)


def normed_back(weights: Weights, grads: Weights, name: str, kept: Any, dout: Array) -> Array:
    """Backwards through `normed`."""
    even, root = kept
    grads[name] = (dout * even).sum(axis=0)
    deven = dout * weights[name]
    return root * (deven - even * (deven * even).mean(axis=1, keepdims=True))


def softmax(xp: Any, x: Array, axis: int) -> Array:
    """Shares of 1 along an axis."""
    x = xp.exp(x - x.max(axis=axis, keepdims=True))
    return x / x.sum(axis=axis, keepdims=True)


def softmax_back(out: Array, dout: Array, axis: int) -> Array:
    """Backwards through `softmax`."""
    return out * (dout - (dout * out).sum(axis=axis, keepdims=True))


def attended(xp: Any, weights: Weights, x: Array, batch: Batch) -> tuple[Array, Any]:
    """For every piece, what it takes from all others of its text."""
    width = x.shape[1]
    deep = width // ATTENTIONS
    every = x @ weights["attend"] + weights["attend_b"]
    cube = every.reshape(batch.texts, batch.length, 3, ATTENTIONS, deep)
    query, key, value = cube.transpose(2, 0, 3, 1, 4)
    query = query * xp.float32(deep**-0.5)
    hidden = (batch.mask.reshape(batch.texts, 1, 1, batch.length) - 1) * xp.float32(_FAR)
    shares = softmax(xp, query @ key.swapaxes(2, 3) + hidden, axis=-1)
    mixed = (shares @ value).transpose(0, 2, 1, 3).reshape(-1, width)
    out = (mixed @ weights["attended"] + weights["attended_b"]) * batch.mask
    return out, (batch, x, query, key, value, shares, mixed)


def attended_back(xp: Any, weights: Weights, grads: Weights, kept: Any, dout: Array) -> Array:
    """Backwards through `attended`."""
    batch, x, query, key, value, shares, mixed = kept
    width = x.shape[1]
    deep = width // ATTENTIONS
    dout = dout * batch.mask
    grads["attended"] = mixed.T @ dout
    grads["attended_b"] = dout.sum(axis=0)
    dmixed = (dout @ weights["attended"].T).reshape(batch.texts, batch.length, ATTENTIONS, deep)
    dmixed = dmixed.transpose(0, 2, 1, 3)
    dvalue = shares.swapaxes(2, 3) @ dmixed
    dscore = softmax_back(shares, dmixed @ value.swapaxes(2, 3), axis=-1)
    dquery = (dscore @ key) * xp.float32(deep**-0.5)
    dkey = dscore.swapaxes(2, 3) @ query
    devery = xp.stack((dquery, dkey, dvalue)).transpose(1, 3, 0, 2, 4).reshape(-1, 3 * width)
    grads["attend"] = x.T @ devery
    grads["attend_b"] = devery.sum(axis=0)
    return devery @ weights["attend"].T


def pooled(xp: Any, weights: Weights, x: Array, batch: Batch) -> tuple[Array, Any]:
    """Log-odds of all outputs: each looks at the places that matter to it."""
    shape = (batch.texts, batch.length, COLUMNS)
    hidden = (batch.mask.reshape(batch.texts, batch.length, 1) - 1) * xp.float32(_FAR)
    shares = softmax(xp, (x @ weights["look"]).reshape(shape) + hidden, axis=1)
    values = (x @ weights["value"]).reshape(shape)
    odds = (shares * values).sum(axis=1) @ xp.asarray(sums()) + weights["out_b"]
    return odds, (x, shares, values)


def pooled_back(xp: Any, weights: Weights, grads: Weights, kept: Any, dodds: Array) -> Array:
    """Backwards through `pooled`."""
    x, shares, values = kept
    grads["out_b"] = dodds.sum(axis=0)
    dpools = (dodds @ xp.asarray(sums()).T)[:, None, :]
    dvalue = (dpools * shares).reshape(-1, COLUMNS)
    dlook = softmax_back(shares, dpools * values, axis=1).reshape(-1, COLUMNS)
    grads["value"] = x.T @ dvalue
    grads["look"] = x.T @ dlook
    return dvalue @ weights["value"].T + dlook @ weights["look"].T
