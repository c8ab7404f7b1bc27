// A client as Juju is one: everything it does goes through gomaasapi, the library that Juju's MAAS provider uses.
//
//	client URL KEY list       asks for every list once and prints how long each is
//	client URL KEY deploy     allocates with constraints, deploys, makes a container's device, stores a file, releases
//
// Prints one JSON object. Exit code 1 with the error on stderr when the library refuses an answer.
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/juju/gomaasapi"
)

func main() {
	if len(os.Args) != 4 {
		fail(fmt.Errorf("usage: client URL KEY list|deploy"))
	}
	controller, err := gomaasapi.NewController(gomaasapi.ControllerArgs{BaseURL: os.Args[1], APIKey: os.Args[2]})
	fail(err)
	switch os.Args[3] {
	case "list":
		say(list(controller))
	case "deploy":
		say(deploy(controller))
	default:
		fail(fmt.Errorf("unknown command %q", os.Args[3]))
	}
}

func list(controller gomaasapi.Controller) map[string]interface{} {
	found := map[string]interface{}{"capabilities": controller.Capabilities().SortedValues()}
	machines, err := controller.Machines(gomaasapi.MachinesArgs{})
	fail(err)
	found["machines"] = len(machines)
	devices, err := controller.Devices(gomaasapi.DevicesArgs{})
	fail(err)
	found["devices"] = len(devices)
	zones, err := controller.Zones()
	fail(err)
	found["zones"] = len(zones)
	fabrics, err := controller.Fabrics()
	fail(err)
	found["fabrics"] = len(fabrics)
	spaces, err := controller.Spaces()
	fail(err)
	found["spaces"] = len(spaces)
	domains, err := controller.Domains()
	fail(err)
	found["domains"] = len(domains)
	tags, err := controller.Tags()
	fail(err)
	found["tags"] = len(tags)
	routes, err := controller.StaticRoutes()
	fail(err)
	found["staticroutes"] = len(routes)
	resources, err := controller.BootResources()
	fail(err)
	found["bootresources"] = len(resources)
	files, err := controller.Files("")
	fail(err)
	found["files"] = len(files)
	return found
}

func deploy(controller gomaasapi.Controller) map[string]interface{} {
	const agent = "2f1c4a86-0d5f-4b57-8c0e-5a1f5f6f0b11"
	found := map[string]interface{}{}

	_, _, err := controller.AllocateMachine(gomaasapi.AllocateMachineArgs{MinMemory: 1 << 30, AgentName: agent})
	found["noMatch"] = gomaasapi.IsNoMatchError(err)

	machine, matches, err := controller.AllocateMachine(gomaasapi.AllocateMachineArgs{
		Architecture: "amd64",
		MinCPUCount:  2,
		MinMemory:    2048,
		AgentName:    agent,
		Storage:      []gomaasapi.StorageSpec{{Label: "root", Size: 8}},
	})
	fail(err)
	found["allocated"] = machine.StatusName()
	found["rootDisks"] = len(matches.Storage["root"])
	fail(machine.SetOwnerData(map[string]string{"juju-controller-uuid": agent, "juju-units": "mysql/0"}))
	found["ownerData"] = machine.OwnerData()

	found["badSeries"] = gomaasapi.IsBadRequestError(machine.Start(gomaasapi.StartArgs{DistroSeries: "no-such-series"})) ||
		machine.Start(gomaasapi.StartArgs{DistroSeries: "no-such-series"}) != nil
	userData := base64.StdEncoding.EncodeToString([]byte("#cloud-config\nruncmd: [true]\n"))
	fail(machine.Start(gomaasapi.StartArgs{UserData: userData}))
	found["deploying"] = machine.StatusName()
	found["deployed"] = waitFor(controller, machine.SystemID(), "Deployed", 3*time.Minute)
	mine, err := controller.Machines(gomaasapi.MachinesArgs{AgentName: agent})
	fail(err)
	found["ofAgent"] = len(mine)
	found["addresses"] = len(mine[0].IPAddresses()) > 0

	// a container on it, as Juju makes one
	device, err := controller.CreateDevice(gomaasapi.CreateDeviceArgs{
		Hostname: "juju-0-lxd-0", MACAddresses: []string{"52:54:00:aa:bb:01"}, Parent: machine.SystemID(),
	})
	fail(err)
	found["deviceInterfaces"] = len(device.InterfaceSet())
	spaces, err := controller.Spaces()
	fail(err)
	subnet := firstSubnet(spaces)
	if subnet != nil {
		first := device.InterfaceSet()[0]
		fail(first.Update(gomaasapi.UpdateInterfaceArgs{Name: "eth0", VLAN: subnet.VLAN()}))
		fail(first.LinkSubnet(gomaasapi.LinkSubnetArgs{Mode: gomaasapi.LinkModeStatic, Subnet: subnet}))
		found["deviceAddress"] = first.Links()[0].IPAddress() != ""
		second, err := device.CreateInterface(gomaasapi.CreateInterfaceArgs{Name: "eth1", MACAddress: "52:54:00:aa:bb:02", VLAN: subnet.VLAN()})
		fail(err)
		found["secondInterface"] = second.Name()
	}
	again, err := controller.Devices(gomaasapi.DevicesArgs{Hostname: []string{"juju-0-lxd-0"}})
	fail(err)
	found["devices"] = len(again)
	fail(device.Delete())

	fail(controller.AddFile(gomaasapi.AddFileArgs{Filename: agent + "-provider-state", Content: []byte("state\x00\xff")}))
	files, err := controller.Files(agent)
	fail(err)
	found["files"] = len(files)
	content, err := files[0].ReadAll()
	fail(err)
	found["fileContent"] = string(content) == "state\x00\xff"
	fail(files[0].Delete())

	fail(controller.ReleaseMachines(gomaasapi.ReleaseMachinesArgs{SystemIDs: []string{machine.SystemID()}, Comment: "released by the test"}))
	found["released"] = waitFor(controller, machine.SystemID(), "Ready", time.Minute)
	found["unknownMachine"] = gomaasapi.IsBadRequestError(controller.ReleaseMachines(gomaasapi.ReleaseMachinesArgs{SystemIDs: []string{"zzzzzz"}}))
	return found
}

func firstSubnet(spaces []gomaasapi.Space) gomaasapi.Subnet {
	for _, space := range spaces {
		for _, subnet := range space.Subnets() {
			return subnet
		}
	}
	return nil
}

func waitFor(controller gomaasapi.Controller, systemID, status string, patience time.Duration) string {
	seen := ""
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(300 * time.Millisecond) {
		machines, err := controller.Machines(gomaasapi.MachinesArgs{SystemIDs: []string{systemID}})
		fail(err)
		seen = machines[0].StatusName()
		if seen == status {
			return seen
		}
	}
	return seen
}

func say(value interface{}) {
	text, err := json.Marshal(value)
	fail(err)
	fmt.Println(string(text))
}

func fail(err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%+v\n", err)
		os.Exit(1)
	}
}
