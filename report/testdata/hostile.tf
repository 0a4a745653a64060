# What to take out of Terraform: read access to repository projects/source-b/locations/us/repositories/images.
# Read 1 June 2026, 10:30 UTC, by <script>alert(1)</script>, from <script>alert(1)</script>: 20 can be removed, 1 to be replaced.
# Not all could be listed: organization 1: its policy could not be read (needs resourcemanager.organizations.getIamPolicy)
# Not all could be listed: <script>alert(1)</script>
#
# Delete the resource blocks that are named here, keep this file next to the configuration as stale_removed.tf, plan,
# apply, and delete the file. A removed block (Terraform 1.7 or later) changes nothing that deleting the resource would
# not; it lets a reader see that it is meant, and an apply fail while the resource is still written somewhere. It can't
# name one instance of count or for_each. A plan that shows more than this is another change.

# 1. deleted: deleted:serviceAccount:service-9@serverless-robot-prod.iam.gserviceaccount.com?uid=9
#    roles/artifactregistry.reader on repository projects/source-b/locations/us/repositories/images
#    It is deleted.
#
#    Terraform takes no deleted members: as long as the member of before stands in a configuration, each apply grants it
#    again, or fails. Take it out there; the binding itself goes with
#      gcloud artifacts repositories remove-iam-policy-binding images --location=us --project=source-b '--member=deleted:serviceAccount:service-9@serverless-robot-prod.iam.gserviceaccount.com?uid=9'
#
#    address    google_artifact_registry_repository_iam_member.gone
#    import id  projects/source-b/locations/us/repositories/images roles/artifactregistry.reader serviceAccount:service-9@serverless-robot-prod.iam.gserviceaccount.com
#    state id   projects/source-b/locations/us/repositories/images/roles/artifactregistry.reader/serviceAccount:service-9@serverless-robot-prod.iam.gserviceaccount.com
#    to do      delete the resource block
removed {
  from = google_artifact_registry_repository_iam_member.gone

  lifecycle {
    destroy = true
  }
}

# 2. deleted: deleted:user:gone@example.com?uid=10
#    roles/artifactregistry.reader on repository projects/source-b/locations/us/repositories/images
#    It is deleted.
#
#    Terraform takes no deleted members: as long as the member of before stands in a configuration, each apply grants it
#    again, or fails. Take it out there; the binding itself goes with
#      gcloud artifacts repositories remove-iam-policy-binding images --location=us --project=source-b '--member=deleted:user:gone@example.com?uid=10'
#
#    address    none: nothing in this state holds it
#    import id  projects/source-b/locations/us/repositories/images roles/artifactregistry.reader user:gone@example.com
#    state id   projects/source-b/locations/us/repositories/images/roles/artifactregistry.reader/user:gone@example.com

# 3. expired: user:temp@example.com
#    roles/artifactregistry.reader on project projects/source-b
#    where request.time < timestamp("2026-05-01T00:00:00Z")
#    It is expired.
#
#    address    google_project_iam_member.temp
#    import id  source-b roles/artifactregistry.reader user:temp@example.com until May
#    state id   source-b/roles/artifactregistry.reader/user:temp@example.com/until May//request.time < timestamp("2026-05-01T00:00:00Z")
#    to do      delete the resource block
removed {
  from = google_project_iam_member.temp

  lifecycle {
    destroy = true
  }
}

# 4. dying: serviceAccount:service-3@serverless-robot-prod.iam.gserviceaccount.com
#    roles/artifactregistry.reader on repository projects/source-b/locations/us/repositories/images
#    It is dying.
#
#    address    module.registry["eu.[1]"].google_artifact_registry_repository_iam_member.readers
#    import id  projects/source-b/locations/us/repositories/images roles/artifactregistry.reader serviceAccount:service-3@serverless-robot-prod.iam.gserviceaccount.com
#    state id   projects/source-b/locations/us/repositories/images/roles/artifactregistry.reader/serviceAccount:service-3@serverless-robot-prod.iam.gserviceaccount.com
#    to do      take it out of the module; where all of the instance goes, take the module's key out

# 5. redundant: serviceAccount:service-4@serverless-robot-prod.iam.gserviceaccount.com
#    roles/artifactregistry.reader on repository projects/source-b/locations/us/repositories/images
#    It is redundant.
#    This one is yours to decide; nothing below is in force.
#
#    address    module.registry.google_artifact_registry_repository_iam_member.readers["consumer-4"]
#    import id  projects/source-b/locations/us/repositories/images roles/artifactregistry.reader serviceAccount:service-4@serverless-robot-prod.iam.gserviceaccount.com
#    state id   projects/source-b/locations/us/repositories/images/roles/artifactregistry.reader/serviceAccount:service-4@serverless-robot-prod.iam.gserviceaccount.com
#    to do      take the key "consumer-4" out of what for_each goes over

# 6. idle: "onload="alert(1)
#    "onload="alert(1) on repository projects/source-b/locations/us/repositories/images
#    where "onload="alert(1)
#    Nothing in project "onload="alert(1) uses it.
#
#    address    none: nothing in this state holds it
#    import id  projects/source-b/locations/us/repositories/images "onload="alert(1) "onload="alert(1) "onload="alert(1)
#    state id   projects/source-b/locations/us/repositories/images/"onload="alert(1)/"onload="alert(1)/"onload="alert(1)//"onload="alert(1)
#    instead    gcloud artifacts repositories remove-iam-policy-binding images --location=us --project=source-b '--member="onload="alert(1)'

# 7. idle: </style><style>*{display:none}
#    </style><style>*{display:none} on repository projects/source-b/locations/us/repositories/images
#    where </style><style>*{display:none}
#    Nothing in project </style><style>*{display:none} uses it.
#
#    address    none: nothing in this state holds it
#    import id  projects/source-b/locations/us/repositories/images </style><style>*{display:none} </style><style>*{display:none} </style><style>*{display:none}
#    state id   projects/source-b/locations/us/repositories/images/</style><style>*{display:none}/</style><style>*{display:none}/</style><style>*{display:none}//</style><style>*{display:none}
#    instead    gcloud artifacts repositories remove-iam-policy-binding images --location=us --project=source-b '--member=</style><style>*{display:none}'

# 8. idle: <script>alert(1)</script>
#    <script>alert(1)</script> on repository projects/source-b/locations/us/repositories/images
#    where <script>alert(1)</script>
#    Nothing in project <script>alert(1)</script> uses it.
#
#    address    none: nothing in this state holds it
#    import id  projects/source-b/locations/us/repositories/images <script>alert(1)</script> <script>alert(1)</script> <script>alert(1)</script>
#    state id   projects/source-b/locations/us/repositories/images/<script>alert(1)</script>/<script>alert(1)</script>/<script>alert(1)</script>//<script>alert(1)</script>
#    instead    gcloud artifacts repositories remove-iam-policy-binding images --location=us --project=source-b '--member=<script>alert(1)</script>'

# 9. idle: =cmd|' /C calc'!A0
#    =cmd|' /C calc'!A0 on repository projects/source-b/locations/us/repositories/images
#    where =cmd|' /C calc'!A0
#    Nothing in project =cmd|' /C calc'!A0 uses it.
#
#    address    none: nothing in this state holds it
#    import id  projects/source-b/locations/us/repositories/images =cmd|' /C calc'!A0 =cmd|' /C calc'!A0 =cmd|' /C calc'!A0
#    state id   projects/source-b/locations/us/repositories/images/=cmd|' /C calc'!A0/=cmd|' /C calc'!A0/=cmd|' /C calc'!A0//=cmd|' /C calc'!A0
#    instead    gcloud artifacts repositories remove-iam-policy-binding images --location=us --project=source-b '--member==cmd|' /C calc'!A0'

# 10. idle: ]]>-->
#    ]]>--> on repository projects/source-b/locations/us/repositories/images
#    where ]]>-->
#    Nothing in project ]]>--> uses it.
#
#    address    none: nothing in this state holds it
#    import id  projects/source-b/locations/us/repositories/images ]]>--> ]]>--> ]]>-->
#    state id   projects/source-b/locations/us/repositories/images/]]>-->/]]>-->/]]>-->//]]>-->
#    instead    gcloud artifacts repositories remove-iam-policy-binding images --location=us --project=source-b '--member=]]>-->'

# 11. idle: `code` | *b* # head
#    `code` | *b* # head on repository projects/source-b/locations/us/repositories/images
#    where `code` | *b* # head
#    Nothing in project `code` | *b* # head uses it.
#
#    address    none: nothing in this state holds it
#    import id  projects/source-b/locations/us/repositories/images `code` | *b* # head `code` | *b* # head `code` | *b* # head
#    state id   projects/source-b/locations/us/repositories/images/`code` | *b* # head/`code` | *b* # head/`code` | *b* # head//`code` | *b* # head
#    instead    gcloud artifacts repositories remove-iam-policy-binding images --location=us --project=source-b '--member=`code` | *b* # head'

# 12. idle: a�b�[31m
#    a�b�[31m on repository projects/source-b/locations/us/repositories/images
#    where a�b�[31m
#    Nothing in project a�b�[31m uses it.
#
#    address    none: nothing in this state holds it
#    import id  projects/source-b/locations/us/repositories/images a�b�[31m a�b�[31m a�b�[31m
#    state id   projects/source-b/locations/us/repositories/images/a�b�[31m/a�b�[31m/a�b�[31m//a�b�[31m
#    instead    gcloud artifacts repositories remove-iam-policy-binding images --location=us --project=source-b '--member=a�b�[31m'

# 13. idle: javascript:alert(1)
#    javascript:alert(1) on repository projects/source-b/locations/us/repositories/images
#    where javascript:alert(1)
#    Nothing in project javascript:alert(1) uses it.
#
#    address    none: nothing in this state holds it
#    import id  projects/source-b/locations/us/repositories/images javascript:alert(1) javascript:alert(1) javascript:alert(1)
#    state id   projects/source-b/locations/us/repositories/images/javascript:alert(1)/javascript:alert(1)/javascript:alert(1)//javascript:alert(1)
#    instead    gcloud artifacts repositories remove-iam-policy-binding images --location=us --project=source-b '--member=javascript:alert(1)'

# 14. idle: serviceAccount:service-2@serverless-robot-prod.iam.gserviceaccount.com
#    roles/artifactregistry.reader on repository projects/source-b/locations/us/repositories/images
#    It is idle.
#
#    address    google_artifact_registry_repository_iam_member.idle
#    import id  projects/source-b/locations/us/repositories/images roles/artifactregistry.reader serviceAccount:service-2@serverless-robot-prod.iam.gserviceaccount.com
#    state id   projects/source-b/locations/us/repositories/images/roles/artifactregistry.reader/serviceAccount:service-2@serverless-robot-prod.iam.gserviceaccount.com
#    to do      delete the resource block
removed {
  from = google_artifact_registry_repository_iam_member.idle

  lifecycle {
    destroy = true
  }
}

# 15. idle: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
#    xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx on repository projects/source-b/locations/us/repositories/images
#    where xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
#    Nothing in project xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx uses it.
#
#    address    none: nothing in this state holds it
#    import id  projects/source-b/locations/us/repositories/images xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
#    state id   projects/source-b/locations/us/repositories/images/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx//xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
#    instead    gcloud artifacts repositories remove-iam-policy-binding images --location=us --project=source-b '--member=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'

# 16. idle: {{.}}
#    {{.}} on repository projects/source-b/locations/us/repositories/images
#    where {{.}}
#    Nothing in project {{.}} uses it.
#
#    address    none: nothing in this state holds it
#    import id  projects/source-b/locations/us/repositories/images {{.}} {{.}} {{.}}
#    state id   projects/source-b/locations/us/repositories/images/{{.}}/{{.}}/{{.}}//{{.}}
#    instead    gcloud artifacts repositories remove-iam-policy-binding images --location=us --project=source-b '--member={{.}}'

# 17. idle: עברית
#    עברית on repository projects/source-b/locations/us/repositories/images
#    where עברית
#    Nothing in project עברית uses it.
#
#    address    none: nothing in this state holds it
#    import id  projects/source-b/locations/us/repositories/images עברית עברית עברית
#    state id   projects/source-b/locations/us/repositories/images/עברית/עברית/עברית//עברית
#    instead    gcloud artifacts repositories remove-iam-policy-binding images --location=us --project=source-b '--member=עברית'

# 18. idle: �gnirts��x
#    �gnirts��x on repository projects/source-b/locations/us/repositories/images
#    where �gnirts��x
#    Nothing in project �gnirts��x uses it.
#
#    address    none: nothing in this state holds it
#    import id  projects/source-b/locations/us/repositories/images �gnirts��x �gnirts��x �gnirts��x
#    state id   projects/source-b/locations/us/repositories/images/�gnirts��x/�gnirts��x/�gnirts��x//�gnirts��x
#    instead    gcloud artifacts repositories remove-iam-policy-binding images --location=us --project=source-b '--member=�gnirts��x'

# 19. idle: serviceAccount:service-6@serverless-robot-prod.iam.gserviceaccount.com
#    roles/artifactregistry.reader on project projects/source-b
#    It is idle.
#
#    address    google_project_iam_policy.all
#    to do      take serviceAccount:service-6@serverless-robot-prod.iam.gserviceaccount.com out of the binding of roles/artifactregistry.reader in its policy_data

# 20. misplaced: serviceAccount:web@team-a.iam.gserviceaccount.com
#    roles/artifactregistry.reader on repository projects/source-b/locations/us/repositories/images
#    It is misplaced.
#    This one is yours to decide; nothing below is in force.
#
#    address    google_artifact_registry_repository_iam_member.counted[1]
#    import id  projects/source-b/locations/us/repositories/images roles/artifactregistry.reader serviceAccount:web@team-a.iam.gserviceaccount.com
#    state id   projects/source-b/locations/us/repositories/images/roles/artifactregistry.reader/serviceAccount:web@team-a.iam.gserviceaccount.com
#    to do      take element 1 out of what count counts; those after it move up, and are removed and granted again: give them moved blocks, or for_each

# 21. excessive: serviceAccount:service-5@serverless-robot-prod.iam.gserviceaccount.com
#    roles/artifactregistry.writer on repository projects/source-b/locations/us/repositories/images
#    It is excessive.
#
#    address    google_artifact_registry_repository_iam_binding.writers
#    state id   projects/source-b/locations/us/repositories/images/roles/artifactregistry.writer
#    to do      grant roles/artifactregistry.reader to it first, in a change of its own; then take serviceAccount:service-5@serverless-robot-prod.iam.gserviceaccount.com out of its members
