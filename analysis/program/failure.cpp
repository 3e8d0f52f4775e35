#include "analysis/program/failure.hpp"

#include "analysis/report/text_width.hpp"
#include "scenarios/visible_text.hpp"
#include "sim/ensemble/bytes.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cerrno>
#include <new>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace venturi {

namespace {

std::string_view what_takes_less(std::string_view command) {
    struct Advice {
        std::string_view command;
        std::string_view text;
    };
    constexpr auto advice = std::to_array<Advice>({
        {"run", "fewer --threads, a coarser run.observe_every, a shorter run.horizon or fewer startups"},
        {"compare", "fewer variants, fewer --threads, a longer run.observe_every or fewer startups"},
        {"branch", "fewer futures, fewer --at, fewer --threads or a longer run.observe_every"},
        {"sweep", "fewer points, fewer --observables, fewer --threads or fewer startups"},
        {"sensitivity", "fewer --base-points, --paths, --keep or --observables, or fewer --threads"},
        {"discover", "a sweep of fewer points, or fewer --resamples"},
        {"influence", "fewer --threads, fewer --delays or fewer startups"},
        {"select", "fewer candidates, fewer --trajectories or fewer --threads"},
        {"reproduce", "fewer --threads"},
        {"trace", "a shorter run.horizon or fewer startups"},
        {"network", "a smaller network, or fewer measures at once"},
        {"risk", "--no-cut-sets, --no-importance, fewer trials to --simulate, or a smaller tree"},
    });
    for (const Advice& each : advice)
        if (each.command == command) return each.text;
    return "a smaller input";
}

bool is_out_of_memory(const std::exception& error) {
    if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return true;
    if (dynamic_cast<const std::length_error*>(&error) != nullptr) return true;
    const auto* const of_system = dynamic_cast<const std::system_error*>(&error);
    // Where no more threads can be had, it is for their stacks or by a limit.
    const bool lacks =
        of_system != nullptr && (of_system->code().value() == EAGAIN || of_system->code().value() == ENOMEM);
    if (lacks) return true;
    try {
        std::rethrow_if_nested(error);
    } catch (const std::exception& nested) {
        return is_out_of_memory(nested);
    } catch (...) {
        return false;
    }
    return false;
}

Failure told(ExitCode code, const std::string& text) {
    Problem problem = problem_of_text(text);
    return {.code = code, .text = "venturi: " + visible_lines(text), .problems = {std::move(problem)}};
}

// Cuts `text` at `mark`, and gives what stood behind that.
std::string cut_at(std::string& text, std::string_view mark) {
    const std::size_t at = text.find(mark);
    if (at == std::string::npos) return {};
    std::string rest = text.substr(at + mark.size());
    text.erase(at);
    return rest;
}

// Takes `--option: `, `--option value: ` or `--option 'value': ` off the beginning; of `--option 'value' is
// none` only notes both, since the sentence goes on.
void take_option(std::string& message, Problem& problem) {
    if (!message.starts_with("--")) return;
    const std::size_t end = message.find_first_of(" :");
    const std::size_t close = message.find("' ", end + 2);
    if (message.substr(end, 2) == " '" && close != std::string::npos && close < message.find("': ")) {
        problem.position.file = message.substr(0, end);
        problem.value = message.substr(end + 2, close - end - 2);
        return;
    }
    if (message.find(" is without effect") == end) {
        problem.position.file = message.substr(0, end);
        return;
    }
    const std::size_t colon = message.find(": ");
    if (colon == std::string::npos) return;
    const std::string option = message.substr(0, colon);
    const std::size_t blank = option.find(' ');
    const std::string value = blank == std::string::npos ? "" : option.substr(blank + 1);
    const bool quoted = value.size() >= 2 && value.front() == '\'' && value.back() == '\'';
    if (!quoted && value.find(' ') != std::string::npos) return;
    problem.position.file = option.substr(0, blank);
    problem.value = quoted ? value.substr(1, value.size() - 2) : value;
    message.erase(0, colon + 2);
}

}  // namespace

Problem problem_of_text(std::string_view text) {
    Problem problem;
    std::string message(text);
    problem.legal = cut_at(message, "\n  legal here: ");
    const std::string nearest = cut_at(message, " — did you mean '");
    problem.nearest = nearest.substr(0, nearest.rfind('\''));
    take_option(message, problem);
    problem.message = std::move(message);
    return problem;
}

Failure failure_of(const std::exception_ptr& thrown, std::string_view command) {
    try {
        std::rethrow_exception(thrown);
    } catch (const ScenarioError& error) {
        return {.code = ExitCode::bad_input, .text = error.what(), .problems = error.problems()};
    } catch (const InputError& error) {
        return told(ExitCode::bad_input, error.what());
    } catch (const BytesError& error) {
        return told(ExitCode::bad_input,
                    fmt::format("--resume: the unfinished work there is damaged: {}\n  legal here: to begin "
                                "anew, without --resume",
                                error.what()));
    } catch (const EarlyEnd& end) {
        return told(end.code(), end.what());
    } catch (const std::exception& error) {
        if (is_out_of_memory(error)) {
            Failure failure = told(ExitCode::failure,
                                   fmt::format("out of memory\n  takes less: {}", what_takes_less(command)));
            failure.problems = {
                {.position = {}, .message = "out of memory", .legal = std::string(what_takes_less(command))}};
            return failure;
        }
        const bool is_of_input = dynamic_cast<const std::invalid_argument*>(&error) != nullptr;
        return told(is_of_input ? ExitCode::bad_input : ExitCode::failure, error.what());
    } catch (...) {
        return told(ExitCode::failure, "an error without a name");
    }
}

std::string json_text(const nlohmann::ordered_json& json) {
    constexpr int indentation = 2;
    return json.dump(indentation, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

nlohmann::ordered_json problem_json(const Problem& problem) {
    // The library refuses text that isn't UTF-8, as a file's name may be.
    return {{"file", printable(problem.position.file)}, {"line", problem.position.line},
            {"column", problem.position.column},        {"message", printable(problem.message)},
            {"value", printable(problem.value)},        {"legal", printable(problem.legal)},
            {"nearest", printable(problem.nearest)}};
}

nlohmann::ordered_json failure_json(const Failure& failure) {
    nlohmann::ordered_json error = {{"exit_code", static_cast<int>(failure.code)}};
    error.update(problem_json(failure.problems.front()));
    nlohmann::ordered_json problems = nlohmann::ordered_json::array();
    for (const Problem& problem : failure.problems) problems.push_back(problem_json(problem));
    return {{"error", std::move(error)}, {"problems", std::move(problems)}};
}

}  // namespace venturi
