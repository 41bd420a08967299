# SPDX-License-Identifier: GPL-2.0-only
# Packages of other releases, without the machine's apt learning of them: it works
# on a copy of the machine's list of archives, and checks what it gets against the
# archives' signatures. Sourced by bash; $top is the project's root.

apt=$top/build/peers/apt

# One at a time.
lock_apt() {
	mkdir -p "$apt/archives/partial" "$apt/parts"
	exec 9>"$apt/lock"
	flock 9
	: >"$apt/log"
}

# archives deb|deb-src: Debian's archives that the machine takes binaries from, as
# lines of a list.
archives() {
	local keys=/usr/share/keyrings/debian-archive-keyring.gpg

	apt-get indextargets --format "$1 [signed-by=$keys] \$(REPO_URI) \$(RELEASE) \$(COMPONENT)" \
		'Created-By: Packages' | grep '/debian[^ ]*/ ' | sort -u
}

# of_release NAME: such lines, for another release. The main archive is the one whose
# releases have plain names.
of_release() { sed -nE "s/^(.*\/debian\/) [a-z]+ /\1 $1 /p"; }

private_apt() {
	apt-get -qq -o APT::Sandbox::User= -o Acquire::Retries=3 -o Dir::Etc::SourceParts="$apt/parts" \
		-o Dir::Etc::SourceList="$from/sources.list" -o Dir::State::Lists="$from/lists" \
		-o Dir::Cache="$apt" "$@" >>"$apt/log" 2>&1
}

# use_archives NAME KIND LINES: what private_apt asks from here on, kept under NAME; its
# Packages or Sources are got again when they are older than ten hours. The working
# folder becomes an empty one, for what is downloaded.
use_archives() {
	from=$apt/$1
	rm -rf "$from/get"
	mkdir -p "$from/lists/partial" "$from/get"
	cd "$from/get" || return 1
	echo "$3" >"$from/sources.list"
	find "$from/lists" -name "*$2*" -mmin -600 | grep -q . || private_apt update
}
