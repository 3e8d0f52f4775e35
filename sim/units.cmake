# Files that are compiled as one; written by .ci/units.
venturi_unit(sim_1
    sim/absorbing_chain.cpp
    sim/ensemble/critical_value.cpp
    sim/ensemble/histogram.cpp
    sim/ensemble/moments.cpp
    sim/ensemble/pipeline.cpp
    sim/ensemble/quantile_sketch.cpp
    sim/ensemble/sequential.cpp
    sim/ensemble/thread_pipeline.cpp
    sim/jackson_network.cpp
    sim/queueing_theory.cpp)
venturi_unit(sim_2
    sim/ensemble/survival.cpp
    sim/random/distribution.cpp
    sim/random/normal_quantile.cpp
    sim/random/philox.cpp
    sim/random/ziggurat.cpp)
