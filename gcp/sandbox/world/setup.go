package world

import (
	"cloud.google.com/go/iam/apiv1/iampb"
	"google.golang.org/genproto/googleapis/type/expr"
)

// setUp makes the state that requests change: every resource's policy, the
// enabled APIs and the service agents; then it finds out how each workload's
// last deploy went.
func (w *World) setUp() {
	w.policies = map[string]*stored{}
	w.enabled = map[string]map[string]bool{}
	w.agents = map[string]bool{}
	w.workloads = map[string][]*Workload{}
	w.named = map[string]*Workload{}
	if w.Organization != nil {
		w.policies[node(w.Organization.Name())] = &stored{policy: w.Organization.Policy.proto()}
	}
	for _, f := range w.Folders {
		w.policies[node(f.Name())] = &stored{policy: f.Policy.proto()}
	}
	for _, p := range w.Projects {
		w.setUpProject(p)
	}
	for _, p := range w.Projects {
		for _, l := range p.Workloads {
			l.Condition = w.deployed(p, l.pulled(), w.forbidden) // when it was made, the API was on
			w.ordered++
			l.Generation, l.DeployTime, l.Order = 1, Time(l.CreateTime), w.ordered
		}
	}
}

func (w *World) setUpProject(p *Project) {
	w.policies[node(p.Name())] = &stored{policy: p.Policy.proto()}
	for _, a := range p.ServiceAccounts {
		w.policies[Full("iam", a.Name())] = &stored{policy: a.Policy.proto()}
	}
	for _, r := range p.Repositories {
		w.policies[Full("artifactregistry", r.Name())] = &stored{policy: r.Policy.proto()}
	}
	w.workloads[p.ID] = p.Workloads
	for _, l := range p.Workloads {
		w.named[l.Name()] = l
		w.policies[Full("run", l.Name())] = &stored{policy: l.Policy.proto()}
	}
	w.setUpServices(p)
}

// proto turns a file's policy into the API's. Version and etag are made when
// it is read.
func (f FilePolicy) proto() *iampb.Policy {
	p := &iampb.Policy{}
	for _, b := range f.Bindings {
		p.Bindings = append(p.Bindings, b.proto())
	}
	for _, a := range f.AuditConfigs {
		config := &iampb.AuditConfig{Service: a.Service}
		for _, l := range a.AuditLogConfigs {
			config.AuditLogConfigs = append(config.AuditLogConfigs, &iampb.AuditLogConfig{
				LogType:         iampb.AuditLogConfig_LogType(iampb.AuditLogConfig_LogType_value[l.LogType]),
				ExemptedMembers: l.ExemptedMembers,
			})
		}
		p.AuditConfigs = append(p.AuditConfigs, config)
	}
	return p
}

func (b FileBinding) proto() *iampb.Binding {
	binding := &iampb.Binding{Role: b.Role, Members: append([]string(nil), b.Members...)}
	if c := b.Condition; c != nil {
		binding.Condition = &expr.Expr{Title: c.Title, Description: c.Description, Expression: c.Expression}
	}
	return binding
}
