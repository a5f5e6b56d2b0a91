// Runs a fuzz target over files or folders, without libFuzzer: with any compiler, in a debugger, under
// valgrind. What libFuzzer found is found again by `TARGET_replay FILE`.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

void replay(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::vector<char> octets((std::istreambuf_iterator<char>(in)), {});
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size());
}

}  // namespace

int main(int argc, char** argv) {
  unsigned files = 0;
  for (int i = 1; i < argc; ++i) {
    const fs::path path = argv[i];
    if (fs::is_directory(path)) {
      for (const auto& entry : fs::recursive_directory_iterator(path))
        if (entry.is_regular_file() && ++files > 0) replay(entry.path());
    } else if (fs::is_regular_file(path)) {
      ++files;
      replay(path);
    }
  }
  std::printf("%u inputs\n", files);
  return files == 0 ? 1 : 0;  // nothing to run is a mistake of the caller
}
