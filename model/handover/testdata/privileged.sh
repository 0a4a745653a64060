# Some people hold such rights only for a time, and request them first. These commands list what you may request, at each level above the changes.
gcloud pam entitlements search --caller-access-type=grant-requester --location=global --project=myproject-b
gcloud pam entitlements search --caller-access-type=grant-requester --location=global --project=myproject-a
gcloud pam entitlements search --caller-access-type=grant-requester --location=global --folder=200000000001
gcloud pam entitlements search --caller-access-type=grant-requester --location=global --organization=100000000001

# Then request one, by its full name in such a list, for no longer than it allows.
gcloud pam grants create --entitlement=ENTITLEMENT_NAME --requested-duration=3600s --justification='Let myproject-a run an image that is not known'

# Where people get their own roles that way, change 2 may be such a grant too, on the project, in place of a lasting binding.
# Such a grant is on a project, folder or organization, and never on a repository. A service agent can't get one.
# Not known here: whether there is an entitlement, which roles it gives, how long a grant lasts, and who approves it.
# The folders and the organization above myproject-a could not be read: ask there too.
