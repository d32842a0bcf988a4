"""The commands of this package: texts, the job, dead letters and watches. Alone here, it may use all other packages."""
