# For commands_test.py, as CMAKE_TOOLCHAIN_FILE in the environment: what the documents' commands build is built as they
# say, but of the objects that the tests' build has already.
set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_CURRENT_LIST_DIR}/reuse")
