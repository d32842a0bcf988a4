"""The streaming job: raw articles from Kafka become articles, claims and figures in Elasticsearch.

One chain, fused from read to write. Decode comes first, as nothing else may see unvalidated bytes; the language before the
mentions, as their grammars are per language; claims last, as they bind entities, figures and times.
"""

import apache_beam as beam

from pipelines.transforms.articles import decode, detect_language, find_claims, find_mentions, normalize
from pipelines.transforms.documents import to_documents
from pipelines.transforms.parcel import Parcel
from pipelines.transforms.step import Step


def build(pipeline: beam.Pipeline, source: beam.PTransform, sink: beam.PTransform) -> beam.PCollection:
    """The job between a source of `KafkaRecord` and a sink of `DocumentSet` and `DeadLetter`."""
    return (
        pipeline
        | "read" >> source
        | "parcel" >> beam.Map(Parcel)
        | "decode" >> beam.ParDo(Step("decode", decode))
        | "normalize" >> beam.ParDo(Step("normalize", normalize))
        | "language" >> beam.ParDo(Step("language", detect_language))
        | "mentions" >> beam.ParDo(Step("mentions", find_mentions))
        | "claims" >> beam.ParDo(Step("claims", find_claims))
        | "documents" >> beam.ParDo(Step("documents", to_documents))
        | "write" >> sink
    )
