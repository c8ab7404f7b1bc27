/* netport - opens the sockets that machines talk to, and does the three things on a wire that Node can't. Nothing else.
 *
 *   netport --ipc SPEC...               child of Node (stdio 'ipc'): hands sockets over the channel, in the order given
 *   netport --interfaces                prints the network interfaces as JSON
 *   netport --arp DEVICE ADDRESS...     prints "ADDRESS MAC" for each address that somebody on the wire has
 *   netport --advertise DEVICE          sends harmless IPv6 router advertisements until standard input ends
 *
 * SPEC = udp:PORT[/ADDRESS][@DEVICE] | tcp:PORT[/ADDRESS][@DEVICE]. A port below 1024 must be in the list below, so that whoever
 * may run this file gets no other; it carries cap_net_bind_service, and cap_net_raw for --arp and --advertise. @DEVICE is
 * SO_BINDTODEVICE: such a socket neither hears nor sends on any other interface. A failure is one line "netport: SPEC: WHAT: REASON"
 * and exit status 71; without setlocale() the reasons are always English, and controller/services/netport.ts reads them. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/ethtool.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/if_ether.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* DNS, DHCP server and client (to look for other servers), TFTP, HTTP, IPMI. 0 is "any free one", for sockets that only ask. */
static const long low_ports[] = {0, 53, 67, 68, 69, 80, 623};

static _Noreturn void die(const char *spec, const char *what) {
	fprintf(stderr, "netport: %s: %s: %s\n", spec, what, strerror(errno));
	exit(71);
}

static _Noreturn void refuse(const char *spec, const char *what, int reason) {
	errno = reason;
	die(spec, what);
}

static int allowed(long port) {
	if (port >= 1024 && port <= 65535) return 1;
	for (size_t i = 0; i < sizeof low_ports / sizeof *low_ports; i++)
		if (low_ports[i] == port) return 1;
	return 0;
}

static void bind_to_device(int fd, const char *device, const char *spec) {
	if (strlen(device) == 0 || strlen(device) >= IFNAMSIZ) refuse(spec, "device", ENODEV);
	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device, (socklen_t)strlen(device) + 1)) die(spec, "device");
}

/* ---- --ipc ---- */

/* No SO_REUSEADDR for UDP: with it a second DHCP server on this host would share the port and neither would notice. */
static int open_spec(const char *spec) {
	const int udp = !strncmp(spec, "udp:", 4);
	if (!udp && strncmp(spec, "tcp:", 4)) refuse(spec, "specification", EINVAL);
	char *rest;
	const long port = strtol(spec + 4, &rest, 10);
	if (rest == spec + 4) refuse(spec, "specification", EINVAL);
	if (!allowed(port)) refuse(spec, "port not allowed", EPERM);
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
	if (*rest == '/') {
		char text[INET_ADDRSTRLEN];
		const size_t length = strcspn(++rest, "@");
		if (length >= sizeof text) refuse(spec, "address", EINVAL);
		memcpy(text, rest, length);
		text[length] = 0;
		if (inet_pton(AF_INET, text, &address.sin_addr) != 1) refuse(spec, "address", EINVAL);
		rest += length;
	}
	if (*rest && *rest != '@') refuse(spec, "specification", EINVAL);

	const int one = 1;
	const int fd = socket(AF_INET, (udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0) die(spec, "socket");
	if (setsockopt(fd, SOL_SOCKET, udp ? SO_BROADCAST : SO_REUSEADDR, &one, sizeof one)) die(spec, "socket option");
	if (*rest == '@') bind_to_device(fd, rest + 1, spec);
	if (bind(fd, (struct sockaddr *)&address, sizeof address)) die(spec, "bind");
	if (!udp && listen(fd, 511)) die(spec, "listen");
	return fd;
}

/* Node's channel carries JSON lines; a handle goes as SCM_RIGHTS beside its line (lib/internal/child_process.js, NODE_HANDLE).
 * Node acknowledges each; waiting for that keeps one descriptor to one line. SPEC has only characters that JSON leaves alone,
 * since open_spec took it and the kernel knew the device. */
static void hand_over(int channel, int fd, const char *spec) {
	char line[256];
	const int length = snprintf(line, sizeof line,
		"{\"cmd\":\"NODE_HANDLE\",\"type\":\"%s\",\"dgramType\":\"udp4\",\"msg\":{\"spec\":\"%s\"}}\n",
		spec[0] == 'u' ? "dgram.Socket" : "net.Server", spec);
	if (length < 0 || (size_t)length >= sizeof line || strpbrk(spec, "\"\\")) refuse(spec, "specification", EINVAL);
	struct iovec part = {line, (size_t)length};
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	memset(&control, 0, sizeof control);
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &fd, sizeof fd);
	if (sendmsg(channel, &message, MSG_NOSIGNAL) != length) die(spec, "hand over");
	char byte;
	ssize_t got;
	while ((got = read(channel, &byte, 1)) == 1 && byte != '\n') continue;
	if (got != 1) die(spec, "acknowledgement");
	close(fd);
}

static int ipc(int count, char **specs) {
	const char *number = getenv("NODE_CHANNEL_FD");
	if (!number) refuse("--ipc", "NODE_CHANNEL_FD", EINVAL);
	const int channel = atoi(number);
	if (fcntl(channel, F_SETFL, fcntl(channel, F_GETFL) & ~O_NONBLOCK)) die("--ipc", "NODE_CHANNEL_FD");
	for (int i = 0; i < count; i++) hand_over(channel, open_spec(specs[i]), specs[i]);
	return 0;
}

/* ---- --interfaces ---- */

/* /proc/net belongs to the reader's network namespace; /sys/class/net to the one in which /sys was mounted. */
static int is_default_route(const char *device) {
	FILE *routes = fopen("/proc/net/route", "re");
	if (!routes) return 0;
	char line[512], name[IFNAMSIZ];
	unsigned int destination, flags, mask;
	int found = 0;
	while (!found && fgets(line, sizeof line, routes))
		found = sscanf(line, "%15s %x %*x %x %*d %*d %*d %x", name, &destination, &flags, &mask) == 4 && destination == 0 && mask == 0 &&
			(flags & 1) && !strcmp(name, device);
	fclose(routes);
	return found;
}

/* Mbit/s, or 0 where the driver does not say. */
static unsigned int link_speed(int fd, const char *device) {
	struct ethtool_cmd command = {.cmd = ETHTOOL_GSET};
	struct ifreq request = {.ifr_data = (void *)&command};
	strncpy(request.ifr_name, device, IFNAMSIZ - 1);
	if (ioctl(fd, SIOCETHTOOL, &request)) return 0;
	const unsigned int speed = ethtool_cmd_speed(&command);
	return speed == (unsigned int)SPEED_UNKNOWN ? 0 : speed;
}

static void print_addresses(const struct ifaddrs *list, const char *device) {
	const char *comma = "";
	for (; list; list = list->ifa_next) {
		if (strcmp(list->ifa_name, device) || !list->ifa_addr || list->ifa_addr->sa_family != AF_INET || !list->ifa_netmask) continue;
		char text[INET_ADDRSTRLEN];
		inet_ntop(AF_INET, &((struct sockaddr_in *)list->ifa_addr)->sin_addr, text, sizeof text);
		const int prefix = __builtin_popcount(((struct sockaddr_in *)list->ifa_netmask)->sin_addr.s_addr);
		printf("%s{\"address\":\"%s\",\"prefix\":%d}", comma, text, prefix);
		comma = ",";
	}
}

static void print_text(const char *text) {
	putchar('"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\' || (unsigned char)*text < 0x20 || (unsigned char)*text > 0x7e) printf("\\u%04x", (unsigned char)*text);
		else putchar(*text);
	}
	putchar('"');
}

static int interfaces(void) {
	struct ifaddrs *list;
	const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || getifaddrs(&list)) die("--interfaces", "getifaddrs");
	const char *comma = "[";
	for (const struct ifaddrs *one = list; one; one = one->ifa_next) { /* AF_PACKET: exactly one entry an interface */
		if (!one->ifa_addr || one->ifa_addr->sa_family != AF_PACKET) continue;
		const struct sockaddr_ll *link = (struct sockaddr_ll *)one->ifa_addr;
		printf("%s{\"name\":", comma);
		print_text(one->ifa_name);
		if (link->sll_halen == 6)
			printf(",\"mac\":\"%02x:%02x:%02x:%02x:%02x:%02x\"", link->sll_addr[0], link->sll_addr[1], link->sll_addr[2], link->sll_addr[3],
				link->sll_addr[4], link->sll_addr[5]);
		else printf(",\"mac\":null");
		printf(",\"up\":%s,\"carrier\":%s,\"loopback\":%s,\"defaultRoute\":%s,\"speed\":%u,\"ipv4\":[", one->ifa_flags & IFF_UP ? "true" : "false",
			one->ifa_flags & IFF_RUNNING ? "true" : "false", one->ifa_flags & IFF_LOOPBACK ? "true" : "false",
			is_default_route(one->ifa_name) ? "true" : "false", link_speed(fd, one->ifa_name));
		print_addresses(list, one->ifa_name);
		printf("]}");
		comma = ",\n";
	}
	printf(*comma == '[' ? "[]\n" : "]\n");
	return 0;
}

/* ---- --arp ---- */

static long milliseconds(void) {
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Prints whoever answers within the given time. A machine may answer twice; the reader keeps one. */
static void print_answers(int fd, const struct in_addr *asked, int count, long wait) {
	const long end = milliseconds() + wait;
	for (long left = wait; left >= 0; left = end - milliseconds()) {
		struct pollfd ready = {.fd = fd, .events = POLLIN};
		if (poll(&ready, 1, (int)left) <= 0) return;
		struct ether_arp arp;
		if (recv(fd, &arp, sizeof arp, MSG_DONTWAIT) < (ssize_t)sizeof arp || arp.arp_op != htons(ARPOP_REPLY)) continue;
		for (int i = 0; i < count; i++) {
			if (memcmp(arp.arp_spa, &asked[i], 4)) continue;
			char text[INET_ADDRSTRLEN];
			inet_ntop(AF_INET, arp.arp_spa, text, sizeof text);
			printf("%s %02x:%02x:%02x:%02x:%02x:%02x\n", text, arp.arp_sha[0], arp.arp_sha[1], arp.arp_sha[2], arp.arp_sha[3], arp.arp_sha[4],
				arp.arp_sha[5]);
			break;
		}
	}
}

#define MAX_ASKED 4096

/* The sender's address is 0.0.0.0 (an ARP probe, RFC 5227 2.1.1): everybody answers it and nobody's cache is changed by it. */
static int arp_sweep(const char *device, int count, char **addresses) {
	static struct in_addr asked[MAX_ASKED];
	if (count > MAX_ASKED) refuse("--arp", "addresses", E2BIG);
	for (int i = 0; i < count; i++)
		if (inet_pton(AF_INET, addresses[i], &asked[i]) != 1) refuse(addresses[i], "address", EINVAL);
	const int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(ETHERTYPE_ARP));
	if (fd < 0) die(device, "packet socket");
	struct ifreq request = {0};
	if (strlen(device) >= IFNAMSIZ) refuse(device, "device", ENODEV);
	strncpy(request.ifr_name, device, IFNAMSIZ - 1);
	if (ioctl(fd, SIOCGIFINDEX, &request)) die(device, "device");
	struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_protocol = htons(ETHERTYPE_ARP), .sll_ifindex = request.ifr_ifindex, .sll_halen = 6};
	if (bind(fd, (struct sockaddr *)&to, sizeof to)) die(device, "bind");
	if (ioctl(fd, SIOCGIFHWADDR, &request)) die(device, "hardware address");
	memset(to.sll_addr, 0xff, 6);
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < count; i++) {
			struct ether_arp arp = {.ea_hdr = {htons(ARPHRD_ETHER), htons(ETHERTYPE_IP), 6, 4, htons(ARPOP_REQUEST)}};
			memcpy(arp.arp_sha, request.ifr_hwaddr.sa_data, 6);
			memcpy(arp.arp_tpa, &asked[i], 4);
			if (sendto(fd, &arp, sizeof arp, 0, (struct sockaddr *)&to, sizeof to) < 0) die(device, "send");
			print_answers(fd, asked, count, 1);
		}
		print_answers(fd, asked, count, 400);
	}
	return 0;
}

/* ---- --advertise ---- */

/* Lifetime 0 and no prefix: "there is no router and no address here". iPXE waits 13 s for IPv6 unless somebody says so. */
static int advertise(const char *device) {
	const int fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMPV6);
	if (fd < 0) die(device, "raw socket");
	bind_to_device(fd, device, device);
	const int hops = 255; /* RFC 4861 6.1.2: receivers drop an advertisement with any other */
	const unsigned int index = if_nametoindex(device);
	struct ipv6_mreq routers = {.ipv6mr_interface = index};
	struct icmp6_filter filter;
	ICMP6_FILTER_SETBLOCKALL(&filter);
	ICMP6_FILTER_SETPASS(ND_ROUTER_SOLICIT, &filter);
	inet_pton(AF_INET6, "ff02::2", &routers.ipv6mr_multiaddr);
	if (setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops, sizeof hops) || setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, sizeof index) ||
		setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof filter) ||
		setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &routers, sizeof routers))
		die(device, "socket option");
	struct sockaddr_in6 everybody = {.sin6_family = AF_INET6, .sin6_scope_id = index};
	inet_pton(AF_INET6, "ff02::1", &everybody.sin6_addr);
	const struct nd_router_advert advert = {.nd_ra_hdr = {.icmp6_type = ND_ROUTER_ADVERT}};
	for (;;) {
		/* Right after the link came up its IPv6 address is still being checked and sending fails; the next turn does it. */
		sendto(fd, &advert, sizeof advert, 0, (struct sockaddr *)&everybody, sizeof everybody);
		struct pollfd ready[] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = fd, .events = POLLIN}};
		if (poll(ready, 2, 10000) < 0) die(device, "poll");
		char bytes[1500];
		if (ready[0].revents && read(STDIN_FILENO, bytes, sizeof bytes) <= 0) return 0;
		if (ready[1].revents) recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
	}
}

int main(int argc, char **argv) {
	if (argc > 2 && !strcmp(argv[1], "--ipc")) return ipc(argc - 2, argv + 2);
	if (argc == 2 && !strcmp(argv[1], "--interfaces")) return interfaces();
	if (argc > 3 && !strcmp(argv[1], "--arp")) return arp_sweep(argv[2], argc - 3, argv + 3);
	if (argc == 3 && !strcmp(argv[1], "--advertise")) return advertise(argv[2]);
	refuse(argc > 1 ? argv[1] : "no arguments", "usage", EINVAL);
}
