// The `venturi` program as a process of its own: descriptors, signals, environment, exit code.
#pragma once

#include "tests/analysis/scratch_folder.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace venturi {

class Process {
  public:
    struct Surroundings {
        int out = -1;  ///< standard output; -1: a file, -2: closed
        int err = -1;
        std::vector<std::pair<std::string, std::string>> environment = {};
        std::filesystem::path folder = {};  ///< to stand in
    };
    static constexpr int into_file = -1;
    static constexpr int closed = -2;

    explicit Process(std::vector<std::string> arguments) : Process(std::move(arguments), Surroundings{}) {}
    Process(std::vector<std::string> arguments, const Surroundings& surroundings) {
        const int out = surroundings.out == into_file ? file("out") : surroundings.out;
        const int err = surroundings.err == into_file ? file("err") : surroundings.err;
        arguments.insert(arguments.begin(), VENTURI_PROGRAM);
        std::vector<char*> pointers;
        for (std::string& argument : arguments) pointers.push_back(argument.data());
        pointers.push_back(nullptr);
        process_ = ::fork();
        if (process_ < 0) throw std::runtime_error("no process for a test");
        if (process_ == 0) become(pointers, out, err, surroundings);
        if (surroundings.out == into_file) ::close(out);
        if (surroundings.err == into_file) ::close(err);
    }
    ~Process() {
        if (process_ <= 0) return;
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
    }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    Process(Process&&) = delete;
    Process& operator=(Process&&) = delete;

    void send(int signal) const { ::kill(process_, signal); }

    /// The exit code, or 128 + the number of the signal that ended it.
    int wait() {
        int status = 0;
        while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
        }
        process_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    [[nodiscard]] bool is_running() const {
        siginfo_t state{};
        return ::waitid(P_PID, static_cast<id_t>(process_), &state, WEXITED | WNOHANG | WNOWAIT) == 0
               && state.si_pid == 0;
    }
    /// Waits until standard error holds `text`; false where the process ended without it.
    [[nodiscard]] bool says(const std::string& text) const {
        while (is_running()) {
            if (err().find(text) != std::string::npos) return true;
            ::usleep(2000);
        }
        return false;
    }

    [[nodiscard]] std::string out() const { return content_of(scratch_.path() / "out"); }
    [[nodiscard]] std::string err() const { return content_of(scratch_.path() / "err"); }

  private:
    [[nodiscard]] int file(const char* name) const {
        return ::open((scratch_.path() / name).c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    }
    [[noreturn]] static void become(std::vector<char*>& arguments, int out, int err,
                                    const Surroundings& surroundings) {
        std::signal(SIGPIPE, SIG_DFL);
        out == closed ? ::close(STDOUT_FILENO) : ::dup2(out, STDOUT_FILENO);
        err == closed ? ::close(STDERR_FILENO) : ::dup2(err, STDERR_FILENO);
        for (const auto& [name, value] : surroundings.environment) ::setenv(name.c_str(), value.c_str(), 1);
        if (!surroundings.folder.empty() && ::chdir(surroundings.folder.c_str()) != 0) ::_exit(127);
        ::execv(arguments.front(), arguments.data());
        ::_exit(127);
    }

    ScratchFolder scratch_;
    pid_t process_ = -1;
};

/// A descriptor that every write into fails with EPIPE.
inline int pipe_without_reader() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe for a test");
    ::close(ends[0]);
    return ends[1];
}

}  // namespace venturi
