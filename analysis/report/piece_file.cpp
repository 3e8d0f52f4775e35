#include "analysis/report/piece_file.hpp"

#include "analysis/report/result_error.hpp"

#include <sqlite3.h>
#include <system_error>
#include <utility>

namespace venturi {

namespace {

constexpr const char* new_ending = "-new";

struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

Statement prepared(sqlite3* database, const char* text) {
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(database, text, -1, &statement, nullptr);
    return Statement(statement);
}

int bind_text(const Statement& statement, int place, const std::string& text) {
    return sqlite3_bind_text64(statement.get(), place, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

// A link, a pipe or a device is nothing to be opened.
void expect_plain_file(const std::filesystem::path& path) {
    std::error_code ignored;
    const auto status = std::filesystem::symlink_status(path, ignored);
    if (!std::filesystem::is_regular_file(status))
        throw ResultError(path.string() + (std::filesystem::exists(status) ? ": not a file" : ": not there"));
}

}  // namespace

void PieceFile::Close::operator()(sqlite3* database) const {
    sqlite3_close_v2(database);
}

PieceFile::PieceFile(const std::filesystem::path& path, int flags) : path_(path) {
    sqlite3* database = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &database,
                                     flags | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_FULLMUTEX, nullptr);
    database_.reset(database);
    if (code != SQLITE_OK) fail();
    // A kill loses nothing; that the machine may lose its power is not worth waiting for the disk each time.
    run("PRAGMA trusted_schema = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE");
}

PieceFile PieceFile::begin(const std::filesystem::path& path,
                           const std::map<std::string, std::string>& pieces) {
    std::error_code error;
    if (std::filesystem::exists(std::filesystem::symlink_status(path, error))) expect_plain_file(path);
    // Under another name until it is whole, or what ends the process would leave one that has no beginning.
    const std::filesystem::path made = path.string() + new_ending;
    remove(made);
    {
        PieceFile file(made, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
        // The largest pages: a piece of some megabytes takes a third of the time that it does in the usual
        // ones.
        file.run(
            "PRAGMA page_size = 65536; CREATE TABLE piece (name TEXT NOT NULL UNIQUE, bytes BLOB NOT NULL)");
        file.keep(pieces);
    }
    std::filesystem::rename(made, path, error);
    if (error) {
        remove(made);
        throw ResultError(path.string() + ": " + error.message());
    }
    return open(path);
}

PieceFile PieceFile::open(const std::filesystem::path& path) {
    expect_plain_file(path);
    return PieceFile(path, SQLITE_OPEN_READWRITE);
}

void PieceFile::remove(const std::filesystem::path& path) {
    std::error_code ignored;
    for (const std::string& left : {path.string(), path.string() + new_ending}) {
        std::filesystem::remove(left, ignored);
        std::filesystem::remove(left + "-journal", ignored);
    }
}

std::optional<std::string> PieceFile::find(const std::string& name) const {
    const Statement statement = prepared(database_.get(), "SELECT bytes FROM piece WHERE name = ?1");
    if (!statement || bind_text(statement, 1, name) != SQLITE_OK) fail();
    switch (sqlite3_step(statement.get())) {
        case SQLITE_DONE:
            return std::nullopt;
        case SQLITE_ROW: {
            const auto* const bytes = static_cast<const char*>(sqlite3_column_blob(statement.get(), 0));
            const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement.get(), 0));
            return bytes == nullptr ? std::string() : std::string(bytes, size);
        }
        default:
            fail();
    }
}

void PieceFile::keep(const std::map<std::string, std::string>& pieces) {
    run("BEGIN");
    try {
        for (const auto& [name, bytes] : pieces) put(name, bytes);
        run("COMMIT");
    } catch (const ResultError&) {
        sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
        throw;
    }
}

void PieceFile::put(const std::string& name, const std::string& bytes) const {
    const Statement statement =
        prepared(database_.get(), "INSERT OR REPLACE INTO piece (name, bytes) VALUES (?1, ?2)");
    const bool is_done =
        statement && bind_text(statement, 1, name) == SQLITE_OK
        && sqlite3_bind_blob64(statement.get(), 2, bytes.data(), bytes.size(), SQLITE_STATIC) == SQLITE_OK
        && sqlite3_step(statement.get()) == SQLITE_DONE;
    if (!is_done) fail();
}

void PieceFile::run(const std::string& statement) const {
    if (sqlite3_exec(database_.get(), statement.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

void PieceFile::fail() const {
    throw ResultError(path_.string() + ": "
                      + (database_ ? sqlite3_errmsg(database_.get()) : "out of memory"));
}

}  // namespace venturi
