#include "analysis/program/resumption.hpp"

#include "analysis/report/build_information.hpp"
#include "analysis/report/failures.hpp"
#include "analysis/report/result_error.hpp"
#include "scenarios/visible_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <ostream>
#include <string_view>
#include <system_error>
#include <utility>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view ending = ".unfinished";
constexpr std::string_view resume_option = "--resume";
constexpr const char* arguments_piece = "begun/arguments";
constexpr const char* origin_piece = "begun/origin";
constexpr std::chrono::milliseconds patience{100};

/// An option that decides no number: as it is given now, not as it was.
struct PassingOption {
    std::string_view name;
    bool takes_value = false;
};
constexpr std::array<PassingOption, 5> passing_options = {
    {{"--threads", true}, {"--output", true}, {"--quiet", false}, {"--json", false}, {resume_option, true}}};

const PassingOption* passing_option(std::string_view argument) {
    const auto place =
        std::ranges::find(passing_options, argument.substr(0, argument.find('=')), &PassingOption::name);
    return place == passing_options.end() ? nullptr : &*place;
}

/// An argument with its value.
using Words = std::vector<std::string>;

/// What remains of the arguments where the options that `takes_out` names are taken out with their values.
template <class TakesOut>
Words without(const Words& arguments, TakesOut takes_out) {
    Words rest;
    for (auto word = arguments.begin(); word != arguments.end(); ++word) {
        const PassingOption* option = passing_option(*word);
        if (option == nullptr || !takes_out(option->name)) {
            rest.push_back(*word);
            continue;
        }
        const bool has_value_behind = option->takes_value && word->find('=') == std::string::npos;
        if (has_value_behind && std::next(word) != arguments.end()) ++word;
    }
    return rest;
}

std::optional<std::string> value_of(const Words& arguments, std::string_view option) {
    for (auto word = arguments.begin(); word != arguments.end(); ++word) {
        if (*word == option && std::next(word) != arguments.end()) return *std::next(word);
        if (word->starts_with(std::string(option) + '=')) return word->substr(option.size() + 1);
    }
    return std::nullopt;
}

std::filesystem::path unfinished_beside(std::filesystem::path place) {
    if (place.extension() == ending) return place;
    if (!place.has_filename()) place = place.parent_path();
    place += ending;
    return place;
}

InputError refusal(const std::string& from, const std::string& reason, const std::string& legal) {
    return InputError(
        fmt::format("{} '{}': {}\n  legal here: {}", resume_option, visible(from), reason, legal));
}

// The words with which the work of a file was begun; nothing where it is none of ours.
std::optional<Words> begun_arguments(const PieceFile& file) {
    const Json json = Json::parse(file.find(arguments_piece).value_or(""), nullptr, false);
    if (!json.is_array() || json.empty()) return std::nullopt;
    if (!std::ranges::all_of(json, [](const Json& word) { return word.is_string(); })) return std::nullopt;
    return json.get<Words>();
}

std::string origin_of(const std::vector<Scenario>& scenarios) {
    const BuildInformation build = build_information();
    Json origin = {{"version", build.version},   {"commit", build.commit},   {"state", build.state},
                   {"compiler", build.compiler}, {"machine", build.machine}, {"scenarios", Json::array()}};
    for (const Scenario& scenario : scenarios) origin["scenarios"].push_back(resolved_scenario(scenario));
    return origin.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// What differs of two origins, in words.
std::string difference_of(const std::string& then, const std::string& now) {
    const Json before = Json::parse(then, nullptr, false);
    const Json here = Json::parse(now);
    if (!before.is_object()) return "holds nothing to go on with";
    for (const auto* part : {"version", "commit", "state", "compiler", "machine"})
        if (before.value(part, "") != here.value(part, ""))
            return fmt::format("was begun with the {} {}, and this is {}; bits could differ", part,
                               visible(before.value(part, "")), here.value(part, ""));
    return "a scenario has changed since it was begun";
}

}  // namespace

void add_resume_option(const Command& command, ResumeRequest& request) {
    command.option(std::string(resume_option), request.from,
                   "go on with the experiment that was interrupted or killed before its result was in this "
                   "directory, to the same bits; beside it only --threads, --output, --quiet and --json");
}

std::vector<std::string> with_begun_arguments(std::vector<std::string> arguments) {
    const auto is_help = [](const std::string& word) { return word == "--help" || word == "-h"; };
    const std::optional<std::string> from = value_of(arguments, resume_option);
    if (!from || from->empty() || std::ranges::any_of(arguments, is_help)) return arguments;
    const std::filesystem::path path = unfinished_beside(*from);
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored))
        throw refusal(*from, fmt::format("there is no {} to go on with", visible(path.string())),
                      std::filesystem::exists(std::filesystem::path(*from) / manifest_file_name, ignored)
                          ? "an experiment that was interrupted or killed; the result there lacks nothing"
                          : "the place of a result that was interrupted or killed");
    const Words more = without(arguments, [](std::string_view) { return true; });
    if (more.size() > 1)
        throw refusal(*from, fmt::format("'{}' was decided when it was begun", visible(more[1])),
                      "--threads, --output, --quiet and --json beside it");
    try {
        const std::optional<Words> begun = begun_arguments(PieceFile::open(path));
        if (!begun) throw ResultError("no unfinished work of Venturi's");
        if (begun->front() != arguments.front())
            throw refusal(*from, fmt::format("it was begun by venturi {}", visible(begun->front())),
                          fmt::format("venturi {} --resume", visible(begun->front())));
        const bool is_moved = value_of(arguments, "--output").has_value();
        Words whole =
            without(*begun, [is_moved](std::string_view name) { return name != "--output" || is_moved; });
        whole.insert(whole.end(), arguments.begin() + 1, arguments.end());
        return whole;
    } catch (const ResultError& error) {
        throw refusal(*from, error.what(), "the place of a result that was interrupted or killed");
    }
}

Resumption::Resumption(const ResultFolder& folder, bool is_named, const ResumeRequest& request,
                       const std::vector<Scenario>& scenarios, const Streams& streams)
    : streams_(streams),
      command_(request.arguments.front()),
      origin_(origin_of(scenarios)),
      arguments_(Json(without(request.arguments, [](std::string_view name) { return name != "--output"; }))
                     .dump(-1, ' ', false, Json::error_handler_t::replace)),
      journal_{.find = [this](const std::string& name) { return find(name); },
               .keep = [this](JournalPieces pieces) { keep(std::move(pieces)); }} {
    if (!request.from.empty()) {
        path_ = unfinished_beside(request.from);
        try {
            file_ = PieceFile::open(path_);
            const std::string then = file_->find(origin_piece).value_or("");
            if (then != origin_)
                throw refusal(request.from, difference_of(then, origin_), "to begin anew, without --resume");
        } catch (const ResultError& error) {
            throw refusal(request.from, error.what(), "the place of a result that was interrupted or killed");
        }
        return;
    }
    choose_path(folder.final_path(), is_named);
}

void Resumption::choose_path(const std::filesystem::path& place, bool is_named) {
    constexpr int most_numbers = 1000;
    std::error_code ignored;
    for (int number = 1; number < most_numbers; ++number) {
        std::filesystem::path numbered = place;
        if (number > 1) numbered += fmt::format("-{}", number);
        path_ = unfinished_beside(numbered);
        if (!std::filesystem::exists(std::filesystem::symlink_status(path_, ignored))) return;
        if (is_same_work()) {
            streams_.err << fmt::format(
                "note: begins anew what {} holds the first part of; --resume {} would go on with it\n",
                visible(shown(path_)), visible(shell_quoted(shown(numbered))));
            return;
        }
        if (is_named)
            throw InputError(fmt::format(
                "--output '{}': {} holds another experiment that was interrupted\n"
                "  legal here: --resume with this directory to go on with it, another directory, or this one "
                "when that file has been removed",
                visible(shown(place)), visible(shown(path_))));
    }
    why_not_ = "all numbers of that name are taken";
}

bool Resumption::is_same_work() const {
    try {
        const PieceFile file = PieceFile::open(path_);
        return file.find(origin_piece) == origin_ && file.find(arguments_piece) == arguments_;
    } catch (const ResultError&) {
        return false;
    }
}

std::string Resumption::shown(const std::filesystem::path& path) {
    std::error_code ignored;
    const std::filesystem::path near = std::filesystem::proximate(path, ignored);
    return near.empty() || near.string().starts_with("..") ? path.string() : near.string();
}

std::optional<std::string> Resumption::find(const std::string& name) {
    const std::lock_guard lock(mutex_);
    if (const auto waiting = waiting_.find(name); waiting != waiting_.end()) return waiting->second;
    return file_ ? file_->find(name) : std::nullopt;
}

void Resumption::keep(JournalPieces pieces) {
    const std::lock_guard lock(mutex_);
    if (!why_not_.empty()) return;
    pieces.merge(waiting_);  // what is new stands for what was kept under its name
    waiting_ = std::move(pieces);
    if (file_ || std::chrono::steady_clock::now() - began_ >= patience) write_waiting();
}

// With the mutex held.
void Resumption::write_waiting() {
    if (waiting_.empty()) return;
    try {
        if (file_) {
            file_->keep(waiting_);
        } else {
            waiting_[arguments_piece] = arguments_;
            waiting_[origin_piece] = origin_;
            file_ = PieceFile::begin(path_, waiting_);
        }
    } catch (const ResultError& error) {
        why_not_ = error.what();
    }
    waiting_.clear();
}

void Resumption::conclude(bool is_whole) {
    const std::lock_guard lock(mutex_);
    if (is_whole) {
        if (file_) PieceFile::remove(path_);
        file_.reset();
        waiting_.clear();
        return;
    }
    if (why_not_.empty()) write_waiting();
    if (!why_not_.empty()) {
        streams_.err << fmt::format("what was finished can't be gone on with: {}\n", visible(why_not_));
        return;
    }
    if (!file_) return;
    std::filesystem::path place = path_;
    place.replace_extension();
    streams_.err << fmt::format("go on with it: venturi {} --resume {}\n", command_,
                                visible(shell_quoted(shown(place))));
}

}  // namespace venturi
