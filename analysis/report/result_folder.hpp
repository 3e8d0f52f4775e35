// A results folder that appears whole or not at all.
#pragma once

#include "analysis/report/file_writer.hpp"
#include "analysis/report/folder_lock.hpp"
#include "analysis/report/manifest.hpp"
#include "analysis/report/publication.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace venturi {

/// What becomes of an earlier result where a new one is to lie.
enum class EarlierResult {
    replaced,  ///< whatever made it
    kept,      ///< where other settings made it, or it holds more; the new one is then numbered: NAME-2, ...
};

/// Collects the files of a run in a hidden folder next to the final one (`.NAME.partial-RANDOM`) and moves it
/// into place in one step:
///
///     ResultFolder folder("results");
///     ... a long run ...
///     folder.write("summary.csv", summary_csv(rows));
///     manifest.files = folder.finish_files();
///     folder.write(manifest_file_name, manifest_text(manifest));
///     const Publication publication = folder.publish();
///
/// Where the final folder is empty or holds an earlier result and nothing else, it is replaced, or kept (see
/// `EarlierResult`); anything else at that place is an error before the run. What comes into the way later
/// loses nothing: the result then lands beside the place that was asked for (`NAME-2`), or else in a new
/// folder for temporary files.
///
/// From its construction on the place is held by a FolderLock. What a run that was killed has left there,
/// hidden folders of files that nobody will finish, is then removed. Every failure throws ResultError, and
/// what was not published is removed by the destructor. For one thread at a time.
class ResultFolder {
  public:
    /// Checks as `check_writable` does, then makes the hidden folder, and the folders above it that are
    /// missing. To be made before a long run.
    explicit ResultFolder(const std::filesystem::path& final_path,
                          EarlierResult earlier = EarlierResult::replaced);
    ~ResultFolder();
    ResultFolder(const ResultFolder&) = delete;
    ResultFolder& operator=(const ResultFolder&) = delete;
    ResultFolder(ResultFolder&&) = delete;
    ResultFolder& operator=(ResultFolder&&) = delete;

    /// Throws ResultError where a result could not be published at `final_path`, or another run is about to.
    /// Leaves no trace.
    static void check_writable(const std::filesystem::path& final_path);

    /// A file of the folder, to be written bit by bit; valid until `finish_files` or `publish`. Each name
    /// once.
    [[nodiscard]] FileWriter& open(std::string_view name);

    /// A whole file at once. Where it can't be written, as on a full disk, everything moves to the folder for
    /// temporary files, and only where that fails too is ResultError thrown.
    void write(std::string_view name, std::string_view bytes);

    /// Closes the files that are open; the digests of all files so far.
    const FileDigests& finish_files();

    /// Moves the folder, which must hold a manifest, to its final place, or elsewhere where that can't be.
    Publication publish();

    /// Where the result will be: absolute, without symbolic links.
    [[nodiscard]] const std::filesystem::path& final_path() const { return final_path_; }

  private:
    void write_at_once(const std::string& name, std::string_view bytes);
    void choose_number();
    void replace_final();
    bool publish_beside();
    void move_to_temporary_folder(const std::string& reason);

    EarlierResult earlier_;
    std::filesystem::path final_path_;
    std::filesystem::path partial_path_;
    std::filesystem::path first_made_;  // the uppermost folder above the result that was missing, or empty
    std::optional<FolderLock> lock_;
    std::string why_elsewhere_;
    std::string why_numbered_;
    std::map<std::string, FileWriter, std::less<>> open_files_;
    FileDigests finished_files_;
    bool published_ = false;
};

/// Writes all files into the folder, with their digests in the manifest, and publishes it.
[[nodiscard]] Publication publish_result(ResultFolder& folder, const ResultFiles& files, Manifest manifest);

}  // namespace venturi
