"""Reads `deploy/kubernetes` as kustomize does, as far as these files use it."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[3] / "deploy" / "kubernetes"
Object = dict[str, Any]
WORKLOADS = ("StatefulSet", "Deployment", "CronJob", "Job")


def read(path: Path) -> list[Object]:
    """Returns the objects of a file."""
    return [each for each in yaml.safe_load_all(path.read_text("utf-8")) if each]


def read_kustomization(folder: Path) -> Object:
    """Returns the kustomization of a folder."""
    [found] = read(folder / "kustomization.yaml")
    return found


def build(folder: Path) -> list[Object]:
    """Returns the objects of a folder and of those that it lists, patched."""
    kustomization = read_kustomization(folder)
    found: list[Object] = []
    for name in kustomization["resources"]:
        path = folder / name
        found += build(path) if path.is_dir() else read(path)
    found += [make_config_map(folder, each) for each in kustomization.get("configMapGenerator", ())]
    by_name = {(each["kind"], each["metadata"]["name"]): each for each in found}
    for patch in kustomization.get("patches", ()):
        [change] = read(folder / patch["path"])
        key = change["kind"], change["metadata"]["name"]
        by_name[key] = merge(by_name[key], change)
    for each in by_name.values():
        transform(each, kustomization)
    return list(by_name.values())


def build_overlays() -> list[Object]:
    """Returns the objects of all overlays; what several of them have is that of `production`."""
    found = {}
    for name in ("small", "flink", "production"):
        found |= {(each["kind"], each["metadata"]["name"]): each for each in build(FOLDER / "overlays" / name)}
    return list(found.values())


def transform(found: Object, kustomization: Object) -> None:
    """Sets the replicas, labels and images that the kustomization names."""
    for replicas in kustomization.get("replicas", ()):
        if found["metadata"]["name"] == replicas["name"] and "replicas" in found.get("spec", {}):
            found["spec"]["replicas"] = replicas["count"]
    for labels in kustomization.get("labels", ()):
        add_labels(found, labels["pairs"], labels.get("includeTemplates", False))
    for container in list_containers(found) if found["kind"] in WORKLOADS else ():
        for image in kustomization.get("images", ()):
            set_image(container, image)


def make_config_map(folder: Path, generator: Object) -> Object:
    """Returns the config map that kustomize makes of files."""
    data = {Path(file).name: (folder / file).read_text("utf-8") for file in generator["files"]}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": generator["name"]}, "data": data}


def merge(old: Any, change: Any) -> Any:
    """Returns an object with a change: of mappings by key, and lists as a whole."""
    if not isinstance(old, dict) or not isinstance(change, dict):
        return deepcopy(change)
    both = old.keys() & change.keys()
    return old | deepcopy(change) | {name: merge(old[name], change[name]) for name in both}


def add_labels(found: Object, pairs: dict[str, str], with_templates: bool) -> None:
    """Gives an object the labels, and with templates also the objects that are made of those in it."""
    places = [found["metadata"]]
    if with_templates and found["kind"] in WORKLOADS:
        places += [each.setdefault("metadata", {}) for each in list_templates(found)]
    for place in places:
        place["labels"] = place.get("labels", {}) | pairs


def set_image(container: Object, image: Object) -> None:
    """Replaces name and tag of the container's image, if it is the one that is named."""
    name, _, tag = container["image"].partition(":")
    if name.rpartition("/")[2] == image["name"]:
        container["image"] = f"{image.get('newName', name)}:{image.get('newTag', tag)}"


def find_template(workload: Object) -> Object:
    """Returns the template of the pods of a workload."""
    spec: Object = workload["spec"]
    if workload["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    template: Object = spec["template"]
    return template


def list_templates(workload: Object) -> list[Object]:
    """Returns the templates in a workload: of pods, of jobs, and of volume claims."""
    spec: Object = workload["spec"]
    jobs = [spec["jobTemplate"]] if workload["kind"] == "CronJob" else []
    return [*jobs, find_template(workload), *spec.get("volumeClaimTemplates", ())]


def list_containers(workload: Object) -> list[Object]:
    """Returns all containers of a workload's pods."""
    pod = find_template(workload)["spec"]
    return [*pod.get("initContainers", ()), *pod["containers"]]


def is_of_flink(container: Object) -> bool:
    """Whether a container has the image of Flink, whose entry point starts a process of the cluster."""
    return "newsclaims-flink:" in container["image"]


def list_files() -> Iterator[Path]:
    """Yields every file with objects, and no kustomization."""
    for path in sorted(FOLDER.rglob("*.yaml")):
        if path.name != "kustomization.yaml" and path.parent.name != "files":
            yield path
