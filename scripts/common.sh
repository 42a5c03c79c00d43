# Shared by the scripts beside it: reads as a library, runs nothing by itself. POSIX sh.

# Say what is going on, on standard error, so that it shows in every log.
say() {
    printf '%s\n' "rostra: $*" >&2
}

# Say what is missing and how to get it, and stop.
stop() {
    printf '\nrostra: %s\n' "$*" >&2
    exit 1
}

# Run apt-get as root, directly or through sudo without a password; 1 where neither is possible.
as_root_apt() {
    command -v apt-get >/dev/null 2>&1 || return 1
    if [ "$(id -u)" -eq 0 ]; then
        DEBIAN_FRONTEND=noninteractive apt-get "$@"
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        sudo -n env DEBIAN_FRONTEND=noninteractive apt-get "$@"
    else
        return 1
    fi
}

# Install these Debian packages; 1 where that is not possible here.
install_packages() {
    as_root_apt --version >/dev/null 2>&1 || return 1
    say "installing $* (apt-get)"
    # An old package list is the usual reason for a failure: fetch it and try once more.
    as_root_apt install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 && return 0
    as_root_apt update -qq >&2 || return 1
    as_root_apt install -y -qq --no-install-recommends "$@" >&2
}
