"""The embedded Elasticsearch gets the heap and the compiler that the machine can afford."""

from deploy.local.elasticsearch_server import AMPLE_CORES, AMPLE_MEMORY, C1_ONLY, make_jvm_options


def test_small_machine_gets_the_least_heap_and_the_quick_compiler() -> None:
    options = make_jvm_options(AMPLE_MEMORY - 1, 64).splitlines()
    assert "-Xmx512m" in options
    assert C1_ONLY in options


def test_machine_with_memory_and_two_cores_keeps_the_quick_compiler() -> None:
    options = make_jvm_options(AMPLE_MEMORY, AMPLE_CORES - 1).splitlines()
    assert "-Xmx1g" in options
    assert C1_ONLY in options


def test_machine_with_memory_and_cores_compiles_further() -> None:
    options = make_jvm_options(AMPLE_MEMORY, AMPLE_CORES).splitlines()
    assert "-Xmx1g" in options
    assert C1_ONLY not in options
    assert "-XX:+ExitOnOutOfMemoryError" in options


def test_compiler_that_is_given_is_used_on_any_machine() -> None:
    assert C1_ONLY not in make_jvm_options(AMPLE_MEMORY - 1, 1, "full").splitlines()
    assert C1_ONLY in make_jvm_options(AMPLE_MEMORY, AMPLE_CORES, "quick").splitlines()
