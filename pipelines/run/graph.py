"""Checks at the start of a job that its graph is one fused chain from read to write, as the source requires.

The source commits offsets when its bundle is finalized. That means that the records are written only if everything
downstream runs in the same bundle. On the FnApiRunner, nothing from an unbounded source passes a GroupByKey or
Reshuffle, and a Flatten of two outputs delivers neither. The bundles are finalized all the same, so records would be
lost without a trace.
"""

import apache_beam as beam
from apache_beam.pipeline import AppliedPTransform, PipelineVisitor
from apache_beam.pvalue import PCollection, PValue
from apache_beam.runners.common import DoFnSignature
from apache_beam.transforms.userstate import is_stateful_dofn

from schemas.errors import Permanent


def check_fused(pipeline: beam.Pipeline) -> None:
    """Raises `Permanent`, with the transform, unless the pipeline is one chain of plain ParDos after one source."""
    chain = _Chain()
    pipeline.visit(chain)
    if chain.roots != 1:
        raise Permanent(f"The job has {chain.roots} sources: it must have one, because each needs a chain of its own.")


class _Chain(PipelineVisitor):
    def __init__(self) -> None:
        self.roots = 0
        self.readers: list[str] = []
        self.consumers: dict[PCollection, str] = {}

    def enter_composite_transform(self, transform_node: AppliedPTransform) -> None:
        if isinstance(transform_node.transform, beam.Reshuffle):
            _refuse(transform_node, "a Reshuffle")

    def visit_transform(self, transform_node: AppliedPTransform) -> None:
        transform = transform_node.transform
        if isinstance(transform, beam.Impulse):
            self.roots += 1
        elif isinstance(transform, beam.ParDo):
            self.check_par_do(transform_node)
        else:
            _refuse(transform_node, f"a {type(transform).__name__}")
        for value in transform_node.inputs:
            self.check_single_consumer(value, transform_node)

    def check_par_do(self, node: AppliedPTransform) -> None:
        dofn = node.transform.dofn
        if is_stateful_dofn(dofn):
            _refuse(node, "keyed state or timers")
        if node.side_inputs:
            _refuse(node, "a side input")
        if len(node.outputs) > 1:
            _refuse(node, f"several outputs ({', '.join(str(tag) for tag in node.outputs)})")
        if DoFnSignature(dofn).is_splittable_dofn():
            self.readers.append(node.full_label)
            if len(self.readers) > 1:
                _refuse(node, f"a second splittable DoFn after {self.readers[0]!r}")

    def check_single_consumer(self, value: PValue, node: AppliedPTransform) -> None:
        if not isinstance(value, PCollection):
            return
        other = self.consumers.setdefault(value, node.full_label)
        if other != node.full_label:
            _refuse(node, f"a branch (its input goes to {other!r} too)")


def _refuse(node: AppliedPTransform, what: str) -> None:
    raise Permanent(
        f"The transform {node.full_label!r} is or has {what}: the job must stay one chain of plain ParDos from read to "
        "write. Otherwise it commits offsets of records that are not written. Do it inside a step, or in another job."
    )
