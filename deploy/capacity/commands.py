"""`newsclaims capacity`. What the command needs is imported when it is called."""

from typing import Annotated

import typer

from deploy.command_line import Json, console, show


def capacity(  # noqa: PLR0913 - typer takes one parameter for each option
    articles_per_day: Annotated[str, typer.Option(metavar="NUMBER", help="Articles on an average day, such as 1e6.")],
    article_kb: Annotated[
        float, typer.Option(min=0.1, max=10_000, help="Size of a message in kB: the text, and about 0.8 kB besides.")
    ] = 3.8,
    peak: Annotated[float, typer.Option(min=1, max=24, help="The busiest moment of a day against the mean.")] = 2.0,
    burst: Annotated[float, typer.Option(min=1, max=10_000, help="A burst against the mean.")] = 5.0,
    burst_minutes: Annotated[float, typer.Option(min=0, max=1440, help="How long a burst lasts.")] = 10.0,
    utilisation: Annotated[
        float, typer.Option(min=1, max=100, help="How busy a resource may be at the busiest moment, in percent.")
    ] = 60.0,
    workers: Annotated[
        int | None, typer.Option(min=1, max=10_000, help="Workers that you have; default: as many as are needed.")
    ] = None,
    partitions: Annotated[
        int | None, typer.Option(min=1, max=10_000, help="Partitions of raw-articles; default: those of the topic.")
    ] = None,
    elasticsearch_cores: Annotated[
        float | None,
        typer.Option(min=0.1, max=100_000, help="Cores that Elasticsearch has; default: as many as are needed."),
    ] = None,
    kafka_cores: Annotated[
        float | None, typer.Option(min=0.1, max=100_000, help="Cores that Kafka has; default: as many as are needed.")
    ] = None,
    replicas: Annotated[int, typer.Option(min=0, max=10, help="Copies of each index besides the first.")] = 1,
    kafka_copies: Annotated[int, typer.Option(min=1, max=10, help="Copies of each topic, the first included.")] = 3,
    retention_days: Annotated[
        float, typer.Option(min=1, max=36_500, help="Days that claims, figures and articles are kept.")
    ] = 365.0,
    disk_gb: Annotated[
        float | None,
        typer.Option(min=1, max=1e9, help="Disk of all nodes of Elasticsearch in GB: says when it is full."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Say what a number of articles a day needs: workers, cores, memory, disk, and what breaks first.

    From measured costs of an article and a model of the load. No server is asked.
    """
    from deploy.capacity.figures import load_figures
    from deploy.capacity.load import ArticleLoad
    from deploy.capacity.model import CapacityOptions, make_plan
    from deploy.capacity.options import parse_count
    from deploy.capacity.report import make_report, render
    from schemas.topics import load_topics

    raw, figures = load_topics()["raw-articles"], load_figures()
    count = parse_count("--articles-per-day", articles_per_day)
    plan = make_plan(
        CapacityOptions(
            load=ArticleLoad(count, peak, burst, burst_minutes * 60),
            message_bytes=article_kb * 1000,
            utilisation=utilisation / 100,
            workers=workers,
            partitions=partitions or raw.partitions,
            elasticsearch_cores=elasticsearch_cores,
            kafka_cores=kafka_cores,
            replicas=replicas,
            kafka_copies=kafka_copies,
            retention_days=retention_days,
            raw_days=raw.retention_days or retention_days,
            disk_bytes=disk_gb * 1e9 if disk_gb else None,
        ),
        figures,
    )
    if as_json:
        show(make_report(plan), True, str)
    else:
        console().print(render(plan, figures))
