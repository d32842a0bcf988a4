"""The settings that all Kafka producers share."""

from deploy.kafka_producer import producer_options


def test_own_settings_win_over_those_of_the_client_and_the_common_ones() -> None:
    options = producer_options({"bootstrap_servers": ["kafka:9092"], "linger_ms": 5}, linger_ms=20, max_block_ms=1)
    assert options["acks"] == "all"
    assert options["enable_idempotence"] is True
    assert (options["bootstrap_servers"], options["linger_ms"], options["max_block_ms"]) == (["kafka:9092"], 20, 1)
