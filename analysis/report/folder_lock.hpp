// One run at a time for each results folder.
#pragma once

#include <filesystem>

namespace venturi {

/// Holds the file `.NAME.lock` next to a results folder with flock(2), which ends with the process however it
/// ends. Where the file system has no locks, nothing is held. Throws ResultError where another run holds it.
class FolderLock {
  public:
    /// The folder next to which the lock stands must exist.
    explicit FolderLock(const std::filesystem::path& folder);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;
    FolderLock(FolderLock&&) = delete;
    FolderLock& operator=(FolderLock&&) = delete;

    /// Throws ResultError where another run holds the lock. Leaves no trace.
    static void check_free(const std::filesystem::path& folder);

  private:
    std::filesystem::path path_;
    int descriptor_ = -1;
};

}  // namespace venturi
