// A results folder that appears whole or not at all.
#pragma once

#include "analysis/report/file_writer.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace venturi {

/// Collects the files of a run in a hidden folder next to the final one (`.NAME.partial-PROCESS-RANDOM`) and
/// moves it into place in one step:
///
///     ResultFolder folder("results");
///     folder.write("summary.csv", summary_csv(rows));
///     manifest.files = folder.finish_files();
///     folder.write(manifest_file_name, manifest_text(manifest));
///     folder.publish();
///
/// Where the final folder is empty or holds an earlier result and nothing else, it is replaced; anything else
/// at that place is an error. Every failure throws ResultError, and what was not published is removed by the
/// destructor. Only a process that is killed leaves the hidden folder behind. For one thread at a time.
class ResultFolder {
  public:
    /// Checks as `check_writable` does, then makes the hidden folder, and the folders above it that are
    /// missing.
    explicit ResultFolder(const std::filesystem::path& final_path);
    ~ResultFolder();
    ResultFolder(const ResultFolder&) = delete;
    ResultFolder& operator=(const ResultFolder&) = delete;
    ResultFolder(ResultFolder&&) = delete;
    ResultFolder& operator=(ResultFolder&&) = delete;

    /// Throws ResultError where a result could not be published at `final_path`: to be asked before a long
    /// run. Leaves no trace.
    static void check_writable(const std::filesystem::path& final_path);

    /// A file of the folder, to be written bit by bit; valid until `finish_files` or `publish`. Each name
    /// once.
    [[nodiscard]] FileWriter& open(std::string_view name);

    /// A whole file at once.
    void write(std::string_view name, std::string_view bytes);

    /// Closes the files that are open; the digests of all files so far.
    const FileDigests& finish_files();

    /// Moves the folder, which must hold a manifest, to its final place.
    void publish();

    /// Where the result will be: absolute, without symbolic links.
    [[nodiscard]] const std::filesystem::path& final_path() const { return final_path_; }

  private:
    void replace_final();

    std::filesystem::path final_path_;
    std::filesystem::path partial_path_;
    std::filesystem::path first_made_;  // the uppermost folder above the result that was missing, or empty
    std::map<std::string, FileWriter, std::less<>> open_files_;
    FileDigests finished_files_;
    bool published_ = false;
};

}  // namespace venturi
