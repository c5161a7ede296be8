#include "other_user.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <string_view>
#include <vector>

#include <endian.h>
#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "script_settings.hpp"

namespace cfy::script {
namespace {

namespace fs = std::filesystem;

// How a program that changes the user is told whom to change to.
struct UserChanger {
  std::string_view name;
  char user_letter;            // '\0': there is none
  std::string_view user_word;  // "--user"
  std::string_view letters;    // of the other options that have a value
  std::string_view words;      // the same for long ones, each with a blank behind it
  bool takes_bare_name;        // the first word that is no option
};

constexpr std::array<UserChanger, 5> kChangers = {{
    {"sudo", 'u', "--user", "CDghpRrTtU",
     "--close-from --chdir --group --host --prompt --chroot --role --command-timeout --type "
     "--other-user ",
     false},
    {"su", '\0', "", "cgGswT", "--command --group --supp-group --shell --whitelist-environment ",
     true},
    {"runuser", 'u', "--user", "cgGswT",
     "--command --group --supp-group --shell --whitelist-environment ", true},
    {"setpriv", '\0', "--reuid", "",
     "--regid --ruid --euid --rgid --egid --groups --inh-caps --ambient-caps --bounding-set "
     "--securebits --pdeathsig --selinux-label --apparmor-profile ",
     false},
    {"doas", 'u', "", "aC", "", false},
}};

// Words as a shell makes them, as far as names of users and programs need it.
std::vector<std::string> split_words(const std::string& line) {
  std::vector<std::string> words;
  bool is_in_word = false;
  char quote = '\0';
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote == '\0' && std::isspace(static_cast<unsigned char>(c)) != 0) {
      is_in_word = false;
      continue;
    }
    if (!is_in_word) words.emplace_back();
    is_in_word = true;
    if (quote == '\0' && (c == '\'' || c == '"'))
      quote = c;
    else if (c == quote)
      quote = '\0';
    else if (c == '\\' && quote != '\'' && i + 1 < line.size())
      words.back() += line[++i];
    else
      words.back() += c;
  }
  return words;
}

// Reads the options of one program, from the word behind its name on.
class OptionReader {
 public:
  OptionReader(const UserChanger& changer, const std::vector<std::string>& words, std::size_t at)
      : changer_(changer), words_(words), at_(at) {}

  std::optional<std::string> user() {
    for (; at_ < words_.size(); ++at_) {
      const std::string& word = words_[at_];
      if (word == "-" || word == "--") continue;
      if (!word.starts_with('-')) {
        // sudo takes variables before the program.
        if (!changer_.takes_bare_name && word.find('=') != std::string::npos) continue;
        return changer_.takes_bare_name ? std::optional(word) : std::nullopt;
      }
      if (auto found = word.starts_with("--") ? from_long(word) : from_letters(word)) return found;
    }
    return std::nullopt;
  }

 private:
  std::optional<std::string> next_word() {
    return at_ + 1 < words_.size() ? std::optional(words_[++at_]) : std::nullopt;
  }

  std::optional<std::string> from_long(const std::string& word) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const bool has_value = equals != std::string::npos;
    if (name == changer_.user_word) return has_value ? word.substr(equals + 1) : next_word();
    if (!has_value && changer_.words.find(name + " ") != std::string_view::npos) ++at_;
    return std::nullopt;
  }

  std::optional<std::string> from_letters(const std::string& word) {
    for (std::size_t i = 1; i < word.size(); ++i) {
      const bool is_user = changer_.user_letter != '\0' && word[i] == changer_.user_letter;
      if (!is_user && changer_.letters.find(word[i]) == std::string_view::npos) continue;
      const auto value = i + 1 < word.size() ? std::optional(word.substr(i + 1)) : next_word();
      return is_user ? value : std::nullopt;
    }
    return std::nullopt;
  }

  const UserChanger& changer_;
  const std::vector<std::string>& words_;
  std::size_t at_;
};

// The last one counts: `sudo runuser -u other`.
std::optional<std::string> find_user_name(const std::string& command_prefix) {
  const std::vector<std::string> words = split_words(command_prefix);
  std::optional<std::string> user;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string program = fs::path(words[i]).filename().string();
    for (const UserChanger& changer : kChangers)
      if (program == changer.name)
        if (auto found = OptionReader(changer, words, i + 1).user()) user = std::move(found);
  }
  return user;
}

std::optional<uid_t> find_id(std::string name) {
  if (const passwd* known = ::getpwnam(name.c_str()); known != nullptr) return known->pw_uid;
  if (name.starts_with('#')) name.erase(0, 1);  // of sudo
  uid_t id = 0;
  const auto read = std::from_chars(name.data(), name.data() + name.size(), id);
  if (read.ec != std::errc() || read.ptr != name.data() + name.size()) return std::nullopt;
  return id;
}

// As acl(5) and the kernel's posix_acl_xattr.h have it: little-endian, in this order.
struct AclEntry {
  std::uint16_t tag, permissions;
  std::uint32_t id;
};
struct Acl {
  std::uint32_t version;
  std::array<AclEntry, 5> entries;
};

AclEntry acl_entry(std::uint16_t tag, std::uint16_t permissions, std::uint32_t id = 0xFFFFFFFFU) {
  return {htole16(tag), htole16(permissions), htole32(id)};
}

bool set_acl(const fs::path& path, uid_t user) {
  constexpr std::uint16_t kOwner = 1, kUser = 2, kGroup = 4, kMask = 0x10, kOther = 0x20;
  constexpr std::uint16_t kAll = 7, kReadAndEnter = 5;
  const Acl acl{htole32(2),
                {acl_entry(kOwner, kAll), acl_entry(kUser, kReadAndEnter, user),
                 acl_entry(kGroup, 0), acl_entry(kMask, kReadAndEnter), acl_entry(kOther, 0)}};
  return ::setxattr(path.c_str(), "system.posix_acl_access", &acl, sizeof acl, 0) == 0;
}

}  // namespace

std::optional<OtherUser> find_other_user(const std::string& command_prefix) {
  const auto name = find_user_name(command_prefix);
  if (!name) return std::nullopt;
  const auto id = find_id(*name);
  if (!id)
    throw BadSettings(fmt::format(
        "process.command_prefix runs the script as user '{}', whom this machine does not know",
        *name));
  if (*id == 0 || *id == ::geteuid()) return std::nullopt;
  return OtherUser{*name, *id};
}

bool let_read(const fs::path& path, const OtherUser& user) {
  if (::geteuid() != 0) return set_acl(path, user.id);
  // In this order: the owner of a folder can put something else into its place.
  return ::chmod(path.c_str(), S_IRUSR | S_IXUSR) == 0 &&
         ::lchown(path.c_str(), user.id, static_cast<gid_t>(-1)) == 0;
}

bool is_open_to_all(const fs::path& folder) {
  fs::path way = fs::absolute(folder).lexically_normal();
  for (;; way = way.parent_path()) {
    struct stat status {};
    if (::stat(way.c_str(), &status) != 0 || (status.st_mode & S_IXOTH) == 0) return false;
    if (way == way.parent_path()) return true;
  }
}

}  // namespace cfy::script
