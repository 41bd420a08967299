// SPDX-License-Identifier: GPL-2.0-only
/* vtpmctl: words and options of the command line, and who answers them. */
#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtpmctl.h"

enum {
	OPT_JSON = 256,
	OPT_DEVICE,
	OPT_SYSFS,
	OPT_POLICY,
	OPT_PROVIDER,
	OPT_BANK,
	OPT_NAME,
	OPT_PROPERTY,
	OPT_MANIFEST_VERSION,
	OPT_SERIAL,
	OPT_FROM,
	OPT_UNTIL,
	OPT_OUTPUT,
	OPT_FILES,
	OPT_UNSTARTED,
	OPT_SIGNED,
	OPT_TCTI,
	OPT_AK,
	OPT_EK,
	OPT_CHALLENGE,
	OPT_NONCE,
	OPT_LOG,
	OPT_CERTIFICATES,
	OPT_CA,
	OPT_PARTIES,
	OPT_UUID,
	OPT_BEFORE,
	OPT_PCRS,
	OPT_HOST_PCRS,
	OPT_VERSION,
	OPT_HELP,
};

static const struct option long_options[] = {
	{ "json", no_argument, NULL, OPT_JSON },
	{ "device", required_argument, NULL, OPT_DEVICE },
	{ "sysfs", required_argument, NULL, OPT_SYSFS },
	{ "policy", required_argument, NULL, OPT_POLICY },
	{ "provider", required_argument, NULL, OPT_PROVIDER },
	{ "bank", required_argument, NULL, OPT_BANK },
	{ "name", required_argument, NULL, OPT_NAME },
	{ "property", required_argument, NULL, OPT_PROPERTY },
	{ "manifest-version", required_argument, NULL, OPT_MANIFEST_VERSION },
	{ "serial", required_argument, NULL, OPT_SERIAL },
	{ "from", required_argument, NULL, OPT_FROM },
	{ "until", required_argument, NULL, OPT_UNTIL },
	{ "output", required_argument, NULL, OPT_OUTPUT },
	{ "files", no_argument, NULL, OPT_FILES },
	{ "unstarted", no_argument, NULL, OPT_UNSTARTED },
	{ "signed", no_argument, NULL, OPT_SIGNED },
	{ "tcti", required_argument, NULL, OPT_TCTI },
	{ "ak", required_argument, NULL, OPT_AK },
	{ "ek", required_argument, NULL, OPT_EK },
	{ "challenge", required_argument, NULL, OPT_CHALLENGE },
	{ "nonce", required_argument, NULL, OPT_NONCE },
	{ "log", required_argument, NULL, OPT_LOG },
	{ "certificates", required_argument, NULL, OPT_CERTIFICATES },
	{ "ca", required_argument, NULL, OPT_CA },
	{ "parties", required_argument, NULL, OPT_PARTIES },
	{ "uuid", required_argument, NULL, OPT_UUID },
	{ "before", required_argument, NULL, OPT_BEFORE },
	{ "pcrs", required_argument, NULL, OPT_PCRS },
	{ "host-pcrs", required_argument, NULL, OPT_HOST_PCRS },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ "help", no_argument, NULL, OPT_HELP },
	{ }
};

#define MANIFEST_DETAILS \
	"Options: --manifest-version N, --serial N, --from TIME, --until TIME, --bank ALG,\n" \
	"--output FILE. TIME is YYYY-MM-DD, YYYY-MM-DDThh:mm:ssZ or +DAYSd. The manifest\n" \
	"has to be signed before it can be loaded: see vtpmctl(8).\n"

static const struct ctl_command commands[] = {
	{
		.noun = "create", .args = "[--policy FILE|-] [--unstarted] NAME", .run = ctl_create,
		.summary = "make an instance, start it, and print the name of its node",
		.details =
			"NAME has 1 to 63 of letters, digits, '.', '_' and '-', and is new.\n"
			"The nodes are /dev/vtpmN and /dev/vtpmrmN; vtpmN is printed.\n"
			"Without --policy the instance is an ordinary TPM 2.0.\n"
			"--unstarted leaves TPM2_Startup to the guest's firmware, after each reset too.\n",
		.min_args = 1, .max_args = 1, .options = CTL_OPT_POLICY | CTL_OPT_UNSTARTED,
	}, {
		.noun = "destroy", .args = "NAME...", .run = ctl_destroy,
		.summary = "end instances and wipe all that they hold",
		.details =
			"All names are looked up before the first instance ends. Programs that\n"
			"have a node open get ENODEV from then on.\n",
		.min_args = 1, .max_args = -1,
	}, {
		.noun = "list", .args = "", .run = ctl_list,
		.summary = "list the instances (the default command)",
		.details = "",
	}, {
		.noun = "show", .args = "NAME", .run = ctl_show,
		.summary = "show all that is known of one instance",
		.details = "",
		.min_args = 1, .max_args = 1,
	}, {
		.noun = "reset", .args = "NAME", .run = ctl_reset,
		.summary = "power-cycle an instance",
		.details =
			"Objects and sessions are gone, PCRs are at their start values, and\n"
			"permanent state stays.\n",
		.min_args = 1, .max_args = 1,
	}, {
		.noun = "presence", .args = "NAME on|off", .run = ctl_presence,
		.summary = "say whether somebody is physically present at an instance",
		.details = "Off at first. Stays as it is over a reset.\n",
		.min_args = 2, .max_args = 2,
	}, {
		.noun = "locality", .args = "NAME N", .run = ctl_locality,
		.summary = "set the locality that an instance's commands come from",
		.details = "N is 0 to 4; 0 at first. Stays as it is over a reset.\n",
		.min_args = 2, .max_args = 2,
	}, {
		.noun = "policy", .verb = "show", .args = "NAME", .run = ctl_policy_show,
		.summary = "print the policy of an instance as it was given",
		.details = "Prints nothing when the instance has none.\n",
		.min_args = 1, .max_args = 1,
	}, {
		.noun = "policy", .verb = "load", .args = "[--signed] NAME FILE|-",
		.run = ctl_policy_load,
		.summary = "give an instance another policy",
		.details =
			"A text that is not accepted changes nothing. The policy in force says\n"
			"who may replace it; where it says signed=, only by a higher version.\n"
			"With --signed FILE is a PKCS#7 message, DER or PEM, with the text in\n"
			"it, signed by a trusted party as manifests are.\n",
		.min_args = 2, .max_args = 2, .options = CTL_OPT_SIGNED,
	}, {
		.noun = "policy", .verb = "check", .args = "[--signed] FILE|-",
		.run = ctl_policy_check,
		.summary = "have the kernel read a policy without using it",
		.details =
			"Prints FILE:LINE:COLUMN: reason for a text that is wrong; of one that is\n"
			"right the version and the update rule, and warns where sealing or quoting\n"
			"goes to another provider than reading. With --signed FILE is a message as\n"
			"for policy load.\n",
		.min_args = 1, .max_args = 1, .options = CTL_OPT_SIGNED,
	}, {
		.noun = "pcr", .args = "NAME [--provider P] [--bank ALG] [PCR...]", .run = ctl_pcr,
		.summary = "show PCRs as the policy shows them to the instance's user",
		.details =
			"With --provider: that provider's vPCRs, whatever the policy says.\n"
			"PCR is a number, a range or a list: 7, 0-3, 0,2,4-6. All when absent.\n",
		.min_args = 1, .max_args = -1, .options = CTL_OPT_PROVIDER | CTL_OPT_BANK,
	}, {
		.noun = "log", .verb = "show", .args = "NAME|--log FILE [--bank ALG]",
		.run = ctl_log_show,
		.summary = "show the measurement log of an instance",
		.details =
			"What PCRs were extended with since they were reset, in order. Without\n"
			"--bank the digest is that of the strongest bank.\n",
		.min_args = 0, .max_args = 1, .options = CTL_OPT_LOG | CTL_OPT_BANK,
	}, {
		.noun = "log", .verb = "verify",
		.args = "NAME|--log FILE --pcrs FILE [OPTION...]", .run = ctl_log_verify,
		.summary = "check that PCRs have the values that the log gives them",
		.details =
			"Options: --provider P, --policy FILE, --certificates FILE, --parties FILE.\n"
			"FILE of --pcrs is what 'vtpmctl pcr' or tpm2_pcrread printed. Without\n"
			"--provider all of an instance's providers are checked, or with files\n"
			"'hash'. 'certificate' and 'translate' need the manifests (PEM) and the\n"
			"certificates of the parties that are trusted. Fails where a PCR has another\n"
			"value, or cannot be verified because the log was full.\n",
		.min_args = 0, .max_args = 1,
		.options = CTL_OPT_LOG | CTL_OPT_PCRS | CTL_OPT_PROVIDER | CTL_OPT_POLICY |
			   CTL_OPT_CERTIFICATES | CTL_OPT_PARTIES,
	}, {
		.noun = "bind", .args = "NAME cgroup DIR|user-ns FILE|PID", .run = ctl_bind,
		.summary = "make an instance the one of a cgroup or user namespace",
		.details =
			"Kernel modules that measure for it, or for one below, measure into\n"
			"this instance from then on.\n",
		.min_args = 3, .max_args = 3,
	}, {
		.noun = "unbind", .args = "NAME cgroup DIR|user-ns FILE|PID", .run = ctl_unbind,
		.summary = "end what bind began",
		.details = "An instance that is destroyed is bound to nothing.\n",
		.min_args = 3, .max_args = 3,
	}, {
		.noun = "cert", .verb = "load", .args = "FILE|-", .run = ctl_cert_load,
		.summary = "load a signed manifest, and print its name",
		.details =
			"FILE is a PKCS#7 message, DER or PEM, with the manifest in it, signed by\n"
			"a trusted party. A manifest of the same name and party is replaced, if\n"
			"its version is not higher. Revocations are loaded in the same way.\n",
		.min_args = 1, .max_args = 1,
	}, {
		.noun = "cert", .verb = "list", .args = "", .run = ctl_cert_list,
		.summary = "list the manifests and revocations",
		.details = "",
	}, {
		.noun = "cert", .verb = "show", .args = "NAME", .run = ctl_cert_show,
		.summary = "show all that is known of a manifest or revocation",
		.details = "",
		.min_args = 1, .max_args = 1,
	}, {
		.noun = "cert", .verb = "from-sha256sum",
		.args = "--name NAME --property TEXT [OPTION...] FILE|-...",
		.run = ctl_cert_from_sums,
		.summary = "make a manifest of what sha256sum or one of its kin printed",
		.details = MANIFEST_DETAILS
			"The hash is known by the length of the digests.\n",
		.min_args = 1, .max_args = -1,
		.options = CTL_OPT_MANIFEST | CTL_OPT_OUTPUT | CTL_OPT_BANK,
	}, {
		.noun = "cert", .verb = "from-ima",
		.args = "--name NAME --property TEXT [--files] [OPTION...] FILE|-",
		.run = ctl_cert_from_ima,
		.summary = "make a manifest of a list of IMA, in its text or binary form",
		.details = MANIFEST_DETAILS
			"The measurements are what IMA extends into a PCR of --bank (sha256), which is\n"
			"the hash of an entry. With --files they are the digests of the files.\n",
		.min_args = 1, .max_args = 1,
		.options = CTL_OPT_MANIFEST | CTL_OPT_OUTPUT | CTL_OPT_BANK | CTL_OPT_FILES,
	}, {
		.noun = "cert", .verb = "from-dpkg",
		.args = "--name NAME --property TEXT [OPTION...] PACKAGE|FILE.deb...",
		.run = ctl_cert_from_dpkg,
		.summary = "make a manifest of the files of Debian packages",
		.details = MANIFEST_DETAILS
			"Files are hashed for --bank (sha256): those of FILE.deb, or those that are\n"
			"installed.\n",
		.min_args = 1, .max_args = -1,
		.options = CTL_OPT_MANIFEST | CTL_OPT_OUTPUT | CTL_OPT_BANK,
	}, {
		.noun = "cert", .verb = "remove", .args = "NAME", .run = ctl_cert_remove,
		.summary = "remove a manifest or revocation",
		.details = "PCRs that have been extended already keep their value.\n",
		.min_args = 1, .max_args = 1,
	}, {
		.noun = "trust", .verb = "add", .args = "NAME FILE|-", .run = ctl_trust_add,
		.summary = "trust a party's X.509 certificate, DER or PEM",
		.details = "Manifests that this party signs are accepted from then on.\n",
		.min_args = 2, .max_args = 2,
	}, {
		.noun = "trust", .verb = "list", .args = "", .run = ctl_trust_list,
		.summary = "list the trusted parties",
		.details = "",
	}, {
		.noun = "trust", .verb = "remove", .args = "NAME", .run = ctl_trust_remove,
		.summary = "trust a party no longer",
		.details = "Its manifests are removed too.\n",
		.min_args = 1, .max_args = 1,
	}, {
		.noun = "attest",
		.args = "[--nonce HEX|--challenge FILE] [--tcti TCTI] [OPTION...] [PCR...]",
		.run = ctl_attest,
		.summary = "tell a verifier of the TPM that one uses, in one file",
		.details =
			"Runs where the TPM is used: a guest, a container. --nonce is the verifier's.\n"
			"--tcti is device:/dev/tpmrm0 unless given. The key is made for it, or --ak is\n"
			"the handle of a persistent one without an auth value. Options: --log FILE\n"
			"(TCG crypto-agile), --certificates FILE (PEM: the key's certificates,\n"
			"manifests), --bank ALG, --output FILE. --challenge FILE answers what challenge\n"
			"made, with the endorsement key; --ek is its handle unless it can be made anew.\n",
		.max_args = -1,
		.options = CTL_OPT_ATTEST | CTL_OPT_SIGNER | CTL_OPT_OUTPUT | CTL_OPT_BANK |
			   CTL_OPT_LOG | CTL_OPT_CERTIFICATES | CTL_OPT_CHALLENGE | CTL_OPT_EK,
	}, {
		.noun = "challenge", .args = "--ek FILE [--ca FILE] [--output FILE] FILE|-",
		.run = ctl_challenge,
		.summary = "ask for proof that an attestation's key is in a TPM that one knows",
		.details =
			"FILE is what attest made; what is printed goes to the guest, for attest\n"
			"--challenge, and is kept for verify --challenge. --ek has the TPM's endorsement\n"
			"key: its certificate, or the public key in PEM. With --ca (PEM) the certificate\n"
			"has to be one that these vouch for. No TPM is needed.\n",
		.min_args = 1, .max_args = 1,
		.options = CTL_OPT_EK | CTL_OPT_CA | CTL_OPT_OUTPUT,
	}, {
		.noun = "verify",
		.args = "--nonce HEX --ak FILE|--ca FILE | --challenge FILE [OPTION...] FILE|-",
		.run = ctl_verify,
		.summary = "say what a file made by attest proves, and what it does not",
		.details =
			"Ends with 0 only if nothing is wrong, the nonce is the one given, and the key\n"
			"is the one in --ak (a public key in PEM) or one that --ca certifies, or if it\n"
			"answers --challenge, one's own copy of what challenge made. Options:\n"
			"--policy FILE (the one that it has to be under), --uuid UUID, --before FILE\n"
			"(an earlier one of the same TPM), --parties FILE (PEM: whose manifests count),\n"
			"--host-pcrs FILE (what tpm2_pcrread prints on the host that it has to run on).\n",
		.min_args = 1, .max_args = 1,
		.options = CTL_OPT_VERIFY | CTL_OPT_SIGNER | CTL_OPT_POLICY | CTL_OPT_PARTIES |
			   CTL_OPT_CA | CTL_OPT_CHALLENGE,
	}, {
		.noun = "info", .args = "", .run = ctl_info,
		.summary = "show what the module offers, and its limits",
		.details = "",
	}
};

#define COMMANDS	ARRAY_SIZE(commands)

static void print_usage_line(const struct ctl_command *cmd)
{
	printf("vtpmctl %s%s%s%s%s", cmd->noun, cmd->verb ? " " : "", cmd->verb ?: "",
	       *cmd->args ? " " : "", cmd->args);
}

static int help_of_command(const struct ctl_command *cmd)
{
	printf("Usage: ");
	print_usage_line(cmd);
	printf("\n\n%c%s.\n%s", toupper(cmd->summary[0]), cmd->summary + 1, cmd->details);
	if (strstr(cmd->args, "NAME") && strcmp(cmd->noun, "cert") && strcmp(cmd->noun, "trust") &&
	    strcmp(cmd->noun, "create"))
		printf("NAME is an instance's name, its number N, vtpmN, or name:NAME.\n");
	printf("Options of all commands: vtpmctl --help.\n");
	return CTL_OK;
}

static int print_help(void)
{
	size_t i;

	printf("Usage: vtpmctl [--json] [--device PATH] COMMAND\n\nCommands:\n");
	for (i = 0; i < COMMANDS; i++) {
		printf("  ");
		print_usage_line(&commands[i]);
		printf("\n        %s\n", commands[i].summary);
	}
	printf("\nOptions:\n"
	       "  --json         answer in JSON\n"
	       "  --device PATH  the control node (/dev/vtpmctl)\n"
	       "  --sysfs PATH   the class in sysfs (/sys/class/vtpm)\n"
	       "  --version      print the tool's version\n"
	       "  --help         this text, or with a command that command's\n"
	       "\nExit codes: 0 ok, 1 general, 2 usage, 3 denied, 4 device, 5 unsupported,\n"
	       "6 busy or exists, 7 not found. See vtpmctl(8).\n");
	return CTL_OK;
}

/* @used tells how many words name the command. */
static const struct ctl_command *find_command(int argc, char **argv, int *used)
{
	const struct ctl_command *cmd;

	for (cmd = commands; cmd < commands + COMMANDS; cmd++) {
		if (strcmp(argv[0], cmd->noun))
			continue;
		*used = cmd->verb ? 2 : 1;
		if (!cmd->verb || (argc > 1 && !strcmp(argv[1], cmd->verb)))
			return cmd;
	}
	return NULL;
}

static int no_command(int argc, char **argv)
{
	char verbs[128] = "";
	size_t i;

	for (i = 0; i < COMMANDS; i++) {
		if (strcmp(argv[0], commands[i].noun) || !commands[i].verb)
			continue;
		strcat(strcat(verbs, *verbs ? ", " : ""), commands[i].verb);
	}
	if (!*verbs)
		return ctl_fail(CTL_USAGE, argv[0], "no such command (see vtpmctl --help)");
	if (argc < 2)
		return ctl_fail(CTL_USAGE, argv[0], "needs one of: %s", verbs);
	return ctl_fail(CTL_USAGE, argv[0], "has no command '%s', only: %s", argv[1], verbs);
}

/* What goes into the head of a manifest */
static const char **manifest_option(struct ctl *ctl, int opt)
{
	switch (opt) {
	case OPT_NAME:
		return &ctl->name;
	case OPT_PROPERTY:
		return &ctl->property;
	case OPT_MANIFEST_VERSION:
		return &ctl->manifest_version;
	case OPT_SERIAL:
		return &ctl->serial;
	case OPT_FROM:
		return &ctl->from;
	case OPT_UNTIL:
		return &ctl->until;
	}
	return NULL;
}

/* What an attestation takes, and what is expected of one; @bit: CTL_OPT_* of it */
static const char **attest_option(struct ctl *ctl, int opt, unsigned int *bit)
{
	const struct {
		int opt;
		unsigned int bit;
		const char **to;
	} options[] = {
		{ OPT_TCTI, CTL_OPT_ATTEST, &ctl->tcti },
		{ OPT_LOG, CTL_OPT_LOG, &ctl->log },
		{ OPT_CERTIFICATES, CTL_OPT_CERTIFICATES, &ctl->certificates },
		{ OPT_CA, CTL_OPT_CA, &ctl->ca },
		{ OPT_PARTIES, CTL_OPT_PARTIES, &ctl->parties },
		{ OPT_UUID, CTL_OPT_VERIFY, &ctl->uuid },
		{ OPT_BEFORE, CTL_OPT_VERIFY, &ctl->before },
		{ OPT_HOST_PCRS, CTL_OPT_VERIFY, &ctl->host_pcrs },
		{ OPT_AK, CTL_OPT_SIGNER, &ctl->ak },
		{ OPT_EK, CTL_OPT_EK, &ctl->ek },
		{ OPT_CHALLENGE, CTL_OPT_CHALLENGE, &ctl->challenge },
		{ OPT_NONCE, CTL_OPT_SIGNER, &ctl->nonce },
		{ OPT_OUTPUT, CTL_OPT_OUTPUT, &ctl->output },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(options); i++) {
		*bit = options[i].bit;
		if (options[i].opt == opt)
			return options[i].to;
	}
	return NULL;
}

static int parse_option(struct ctl *ctl, int opt, unsigned int *given)
{
	unsigned int bit = CTL_OPT_MANIFEST;
	const char **to = manifest_option(ctl, opt);

	if (!to)
		to = attest_option(ctl, opt, &bit);
	if (to) {
		*to = optarg;
		*given |= bit;
		return 0;
	}
	switch (opt) {
	case OPT_FILES:
		ctl->files = true;
		*given |= CTL_OPT_FILES;
		return 0;
	case OPT_JSON:
		ctl->json = true;
		return 0;
	case OPT_DEVICE:
		ctl->device = optarg;
		return 0;
	case OPT_SYSFS:
		ctl->sysfs = optarg;
		return 0;
	case OPT_POLICY:
		ctl->policy = optarg;
		*given |= CTL_OPT_POLICY;
		return 0;
	case OPT_PROVIDER:
		ctl->provider = optarg;
		*given |= CTL_OPT_PROVIDER;
		return 0;
	case OPT_BANK:
		ctl->bank = optarg;
		*given |= CTL_OPT_BANK;
		return 0;
	case OPT_SIGNED:
		ctl->is_signed = true;
		*given |= CTL_OPT_SIGNED;
		return 0;
	case OPT_PCRS:
		ctl->pcrs = optarg;
		*given |= CTL_OPT_PCRS;
		return 0;
	case OPT_UNSTARTED:
		ctl->unstarted = true;
		*given |= CTL_OPT_UNSTARTED;
		return 0;
	}
	return -1;
}

struct line {
	char **word;
	int words;
	unsigned int given;
	bool help;
	bool version;
};

/* Options may stand anywhere before "--"; the rest are words. */
static int parse_line(struct ctl *ctl, struct line *line, int argc, char **argv)
{
	int opt;

	opterr = 0;
	while ((opt = getopt_long(argc, argv, "-:h", long_options, NULL)) != -1) {
		if (opt == 1)
			line->word[line->words++] = optarg;
		else if (opt == OPT_HELP || opt == 'h')
			line->help = true;
		else if (opt == OPT_VERSION)
			line->version = true;
		else if (opt == ':')
			return ctl_fail(CTL_USAGE, argv[optind - 1], "needs an argument");
		else if (parse_option(ctl, opt, &line->given))
			return ctl_fail(CTL_USAGE, argv[optind - 1],
					"no such option, or one that takes no argument");
	}
	while (optind < argc)
		line->word[line->words++] = argv[optind++];
	return CTL_OK;
}

static int run(struct ctl *ctl, const struct line *line)
{
	const struct ctl_command *cmd;
	char **argv = line->word;
	int used, args;

	cmd = find_command(line->words, argv, &used);
	if (!cmd)
		return no_command(line->words, argv);
	if (line->help)
		return help_of_command(cmd);
	if (line->given & ~cmd->options)
		return ctl_fail(CTL_USAGE, cmd->noun, "does not take this option (see --help)");
	args = line->words - used;
	if (args < cmd->min_args)
		return ctl_fail(CTL_USAGE, cmd->noun, "too few arguments: %s", cmd->args);
	if (cmd->max_args >= 0 && args > cmd->max_args)
		return ctl_fail(CTL_USAGE, cmd->noun, "'%s' is too much",
				argv[used + cmd->max_args]);
	return cmd->run(ctl, args, argv + used);
}

int main(int argc, char **argv)
{
	struct ctl ctl = {
		.device = "/dev/vtpmctl",
		.sysfs = "/sys/class/vtpm",
		.fd = -1,
	};
	struct line line = { .word = ctl_alloc(argc + 1, sizeof(char *)) };
	char default_command[] = "list";
	int code;

	code = parse_line(&ctl, &line, argc, argv);
	if (code)
		return code;
	if (line.version) {
		printf("vtpmctl %s (ABI version %d)\n", VTPMCTL_VERSION, VTPM_ABI_VERSION);
		return ctl_finish(CTL_OK);
	}
	if (line.help && !line.words)
		return ctl_finish(print_help());
	if (!line.words)
		line.word[line.words++] = default_command;
	code = run(&ctl, &line);
	free(line.word);
	return ctl_finish(code);
}
