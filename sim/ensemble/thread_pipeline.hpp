// The pipeline on plain threads, for builds that watch every access.
#pragma once

#include "sim/ensemble/pipeline.hpp"

#include <cstdint>
#include <functional>

namespace venturi {

/// Does what run_pipeline does, on std::thread alone. The thread sanitizer does not see how TBB's library,
/// which is built without it, orders its tasks, and would report each as a race; so its builds run on this
/// one. Also the independent implementation that tests hold the other one against. Makes its threads anew for
/// each call.
void run_thread_pipeline(std::uint64_t tasks, int threads,
                         const std::function<void(const PipelineTask&)>& compute,
                         const std::function<bool(const PipelineTask&)>& fold);

}  // namespace venturi
