"""The engines that the benchmark compares, one a module. Not the comparison (benchmarks.run)."""
